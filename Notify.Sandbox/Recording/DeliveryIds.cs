using System.Buffers.Text;

namespace Notify.Sandbox.Recording;

/// <summary>Reads delivery ids, which are UUIDs with or without dashes; anything else is nobody's delivery.</summary>
internal static class DeliveryIds
{
    /// <summary>Key in FCM's data, in an APNs payload, in SendGrid's custom arguments and in the query of a Twilio status
    /// callback.</summary>
    public const string Key = "notify-delivery-id";

    public static Guid? Parse(ReadOnlySpan<byte> text) =>
        text.Length switch
        {
            36 when Utf8Parser.TryParse(text, out Guid id, out var used, 'D') && used == 36 => id,
            32 when Utf8Parser.TryParse(text, out Guid id, out var used, 'N') && used == 32 => id,
            _ => null,
        };

    /// <summary>From the Message-ID of a mail: the part before the @.</summary>
    public static Guid? FromMail(ReadOnlySpan<byte> mail)
    {
        while (!mail.IsEmpty)
        {
            var end = mail.IndexOf((byte)'\n');
            var line = (end < 0 ? mail : mail[..end]).TrimEnd((byte)'\r');
            if (line.IsEmpty)
                return null;
            if (line.Length > 11 && System.Text.Ascii.EqualsIgnoreCase(line[..11], "Message-ID:"u8))
                return FromMessageId(line[11..], end < 0 ? default : mail[(end + 1)..]);
            mail = end < 0 ? default : mail[(end + 1)..];
        }

        return null;
    }

    private static Guid? FromMessageId(ReadOnlySpan<byte> value, ReadOnlySpan<byte> following)
    {
        value = value.Trim(" \t<"u8);
        if (value.IsEmpty && !following.IsEmpty && following[0] is (byte)' ' or (byte)'\t')
        {
            var end = following.IndexOf((byte)'\n'); // a long id is folded onto its own line
            value = (end < 0 ? following : following[..end]).Trim(" \t<\r"u8);
        }

        var at = value.IndexOf((byte)'@');
        return at < 0 ? null : Parse(value[..at]);
    }
}
