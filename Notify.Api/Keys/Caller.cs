using System.Collections.Frozen;

namespace Notify.Api.Keys;

/// <summary>Who is asking: the key's tenant and what the key may do.</summary>
internal sealed record Caller(string Tenant, FrozenSet<string> Scopes, DateTimeOffset? ExpiresAt);
