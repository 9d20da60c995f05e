using System.Globalization;
using System.Text;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Sinks;

/// <summary>Addresses with a number inside: one series for a backlog, one for probes sent beside it.</summary>
internal static class NumberedAddress
{
    public const string PhoneSeries = "+1500";
    private const char Backlog = 'b';
    private const char Probe = 'p';

    public static string Of(Channel channel, int number, bool probe = false) =>
        channel switch
        {
            Channel.Email => string.Create(CultureInfo.InvariantCulture, $"{(probe ? Probe : Backlog)}{number}@example.test"),
            Channel.Push => string.Create(CultureInfo.InvariantCulture, $"{(probe ? Probe : Backlog)}{number}-benchmark-device"),
            Channel.Sms => string.Create(CultureInfo.InvariantCulture, $"{PhoneSeries}{(probe ? 9 : 2)}{number:000000}"),
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };

    /// <summary>Reads the series and the number at the start of what follows a known prefix in a mail command or a push request.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int number, out bool probe)
    {
        (number, probe) = (0, text.Length > 0 && text[0] == Probe);
        return text.Length > 1 && (probe || text[0] == Backlog) && TryReadDigits(text[1..], out number);
    }

    /// <summary>The number in a whole address of a backlog's mail or push.</summary>
    public static bool TryRead(string address, out int number)
    {
        Span<byte> text = stackalloc byte[16];
        var length = Encoding.ASCII.GetBytes(address.AsSpan(0, Math.Min(address.Length, text.Length)), text);
        return TryRead(text[..length], out number, out var probe) && !probe;
    }

    /// <summary>The same for what follows <see cref="PhoneSeries"/>.</summary>
    public static bool TryReadPhone(ReadOnlySpan<byte> text, out int number, out bool probe)
    {
        (number, probe) = (0, text.Length > 0 && text[0] == (byte)'9');
        return text.Length > 1 && TryReadDigits(text[1..], out number);
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, out int number)
    {
        (number, var length) = (0, 0);
        while (length < text.Length && length < 9 && char.IsAsciiDigit((char)text[length]))
            number = number * 10 + text[length++] - '0';
        return length > 0;
    }
}
