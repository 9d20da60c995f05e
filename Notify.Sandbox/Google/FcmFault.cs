namespace Notify.Sandbox.Google;

/// <summary>What is wrong with a request.</summary>
/// <param name="Message">In FCM's words.</param>
/// <param name="Field">The field that violates; null for none.</param>
/// <param name="Details">False for the answers that FCM gives without details.</param>
internal sealed record FcmFault(string Message, string? Field = null, bool Details = true);
