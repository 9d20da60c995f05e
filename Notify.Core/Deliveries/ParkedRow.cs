namespace Notify.Core.Deliveries;

/// <summary>A delivery that is put aside unclaimed.</summary>
/// <param name="Key">The delivery.</param>
/// <param name="Reason">One of <see cref="DeliveryReasons"/>.</param>
/// <param name="DueAt">When it comes due; at its expiry at the latest.</param>
/// <param name="Code">What it waits for; null leaves the row's code as it is.</param>
public readonly record struct ParkedRow(DeliveryKey Key, string Reason, DateTimeOffset DueAt, string? Code = null);
