using System.Collections.Frozen;

namespace Notify.Api.Keys;

/// <summary>Who is asking: the key's tenant, its id, and what it may do.</summary>
internal sealed record Caller(string Tenant, string KeyId, FrozenSet<string> Scopes, DateTimeOffset? ExpiresAt);
