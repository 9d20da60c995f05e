namespace Notify.Sandbox.Google;

/// <summary>What of a send request matters on arrival.</summary>
/// <param name="Target">Token, topic or condition.</param>
/// <param name="ValidateOnly">Checked, not sent.</param>
/// <param name="DeliveryId">From the data.</param>
/// <param name="Fault">Null for a valid request.</param>
internal sealed record FcmRequest(string? Target, bool ValidateOnly, Guid? DeliveryId, FcmFault? Fault);
