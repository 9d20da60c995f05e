using Notify.Sandbox.Http;

namespace Notify.Sandbox.Twilio;

/// <summary>The fields of a request to send that the sandbox looks at.</summary>
internal sealed record SmsRequest(string? To, string? From, string? Service, string? Body, string? StatusCallback, bool HasMedia)
{
    private const int MaxBody = 1600;

    public static SmsRequest Parse(ReadOnlySpan<byte> form)
    {
        var fields = Form.Parse(form);
        return new SmsRequest(
            Form.Find(fields, "To"),
            Form.Find(fields, "From"),
            Form.Find(fields, "MessagingServiceSid"),
            Form.Find(fields, "Body"),
            Form.Find(fields, "StatusCallback"),
            Form.Find(fields, "MediaUrl") is not null || Form.Find(fields, "ContentSid") is not null
        );
    }

    /// <returns>Code and message to refuse with, or null.</returns>
    public (int Code, string Message)? Refusal()
    {
        if (string.IsNullOrEmpty(To))
            return (21604, "A 'To' phone number is required.");
        if (!IsNumber(To))
            return (21211, $"Invalid 'To' Phone Number: {To}");
        if (string.IsNullOrEmpty(From) && string.IsNullOrEmpty(Service))
            return (21603, "A 'From' phone number is required.");
        if (!string.IsNullOrEmpty(From) && !IsNumber(From) && !IsShortCode(From) && !IsName(From))
            return (21212, $"Invalid From Number (caller ID): {From}");
        if (string.IsNullOrEmpty(Body) && !HasMedia)
            return (21602, "Message body is required.");
        return Body?.Length > MaxBody ? (21617, "The concatenated message body exceeds the 1600 character limit.") : null;
    }

    /// <summary>E.164: a plus, then up to 15 digits of which the first is not zero.</summary>
    public static bool IsNumber(string text) =>
        text.Length is >= 3 and <= 16
        && text[0] == '+'
        && text[1] is >= '1' and <= '9'
        && text.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsShortCode(string text) => text.Length is >= 3 and <= 8 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>An alphanumeric sender: up to 11 letters, digits and blanks, at least one letter.</summary>
    private static bool IsName(string text) =>
        text.Length <= 11
        && text.Any(char.IsAsciiLetter)
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '_' or '+' or '&');
}
