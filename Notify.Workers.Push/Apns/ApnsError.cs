using System.Text.Json;
using Notify.Sending.Http;

namespace Notify.Workers.Push.Apns;

/// <summary>What an error answer says, as far as it can be read.</summary>
/// <param name="Reason">Apple's reason, such as <c>BadDeviceToken</c>.</param>
/// <param name="UnregisteredAt">With a 410: when APNs found that the token had gone.</param>
internal sealed record ApnsError(string? Reason, DateTimeOffset? UnregisteredAt)
{
    /// <summary>APNs over HTTP/2 began in 2015; nothing it says is older.</summary>
    private static readonly long Earliest = new DateTimeOffset(2015, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static ApnsError Unreadable { get; } = new(null, null);

    public static ApnsError Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var root = JsonElement.ParseValue(ref reader);
            if (root.ValueKind != JsonValueKind.Object)
                return Unreadable;
            var reason = root.TryGetProperty("reason", out var text) ? AnswerCode.Clean(text.TextOrNull()) : null;
            var at =
                root.TryGetProperty("timestamp", out var number)
                && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt64(out var value)
                    ? TimeOf(value, now)
                    : null;
            return new ApnsError(reason, at);
        }
        catch (Exception fault) when (AnswerText.IsUnreadable(fault))
        {
            return Unreadable; // not Apple's own answer; the status alone has to do
        }
    }

    /// <summary>Milliseconds by the book; seconds are known to occur. Anything else is no time.</summary>
    private static DateTimeOffset? TimeOf(long value, DateTimeOffset now)
    {
        var latest = now.AddDays(1).ToUnixTimeMilliseconds();
        if (value >= Earliest && value <= latest)
            return DateTimeOffset.FromUnixTimeMilliseconds(value);
        if (value >= Earliest / 1000 && value <= latest / 1000)
            return DateTimeOffset.FromUnixTimeSeconds(value);
        return null;
    }
}
