using Notify.Core.Deliveries;

namespace Notify.Sending.Lanes;

/// <summary>Why no job can be made of a record.</summary>
/// <param name="Cause">One of <see cref="DeadLetters.DeadLetterCauses"/>.</param>
/// <param name="Key">Whose record it was; null where not even that can be read.</param>
/// <param name="ExpiresAt">When the delivery expires; without a meaning where the key is null.</param>
public sealed record Unreadable(string Cause, DeliveryKey? Key = null, DateTimeOffset ExpiresAt = default);
