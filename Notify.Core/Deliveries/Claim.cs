namespace Notify.Core.Deliveries;

/// <summary>The right to make one attempt. <see cref="Fence"/> grows with each claim: an outcome counts only while it is still the
/// row's.</summary>
public readonly record struct Claim(Guid DeliveryId, int Fence, int Attempt, bool AtMostOnce);
