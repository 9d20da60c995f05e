namespace Notify.Sending.Limits;

/// <summary>What the shared bucket answered.</summary>
/// <param name="Standard">Permits given for messages that leave the reserve.</param>
/// <param name="Critical">Permits given for critical messages.</param>
/// <param name="StandardWait">When asking for the former again is worth while.</param>
/// <param name="CriticalWait">When asking for the latter again is worth while.</param>
/// <param name="Pause">How long nobody may send.</param>
internal sealed record BucketAnswer(int Standard, int Critical, TimeSpan StandardWait, TimeSpan CriticalWait, TimeSpan Pause);
