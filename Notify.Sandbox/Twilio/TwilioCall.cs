namespace Notify.Sandbox.Twilio;

/// <summary>A request to send, and who asks.</summary>
/// <param name="Account">From the path.</param>
/// <param name="Secret">Signs the callbacks; null where the credentials are no good.</param>
/// <param name="Sms">From the body.</param>
internal readonly record struct TwilioCall(string Account, string? Secret, SmsRequest Sms);
