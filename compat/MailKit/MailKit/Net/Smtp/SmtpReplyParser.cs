using System.Text;

namespace MailKit.Net.Smtp;

/// <summary>Puts one reply together from its lines (RFC 5321 section 4.2), however many, within bounds.</summary>
internal sealed class SmtpReplyParser
{
    /// <summary>The standard says 512 octets a line; servers write more, but not without end.</summary>
    public const int MaxLineLength = 8 * 1024;
    public const int MaxReplyLength = 64 * 1024;

    private readonly StringBuilder _text = new();
    private int _code;

    /// <summary>Takes a line without its line end; returns the reply once it was the last one.</summary>
    public SmtpResponse? Add(ReadOnlySpan<byte> line)
    {
        if (line.Length < 3 || !TryReadCode(line, out var code))
            throw new SmtpProtocolException("Unable to parse the status code returned by the server.");
        if (_code != 0 && _code != code)
            throw new SmtpProtocolException("The status codes returned by the server did not match.");

        var first = _code == 0;
        _code = code;
        var more = line.Length > 3 && line[3] == '-';
        if (line.Length > 3 && !more && line[3] != ' ')
            throw new SmtpProtocolException("Invalid status code returned by the server.");
        if (_text.Length + line.Length > MaxReplyLength)
            throw new SmtpProtocolException("The reply of the server is too long.");

        if (!first)
            _text.Append('\n');
        if (line.Length > 4)
            _text.Append(Encoding.UTF8.GetString(line[4..]));
        return more ? null : new SmtpResponse((SmtpStatusCode)code, _text.ToString().Trim());
    }

    private static bool TryReadCode(ReadOnlySpan<byte> line, out int code)
    {
        code = 0;
        foreach (var digit in line[..3])
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            code = code * 10 + (digit - '0');
        }

        return code >= 100;
    }
}
