namespace Notify.Sandbox.Smtp;

/// <summary>The exchange of AUTH PLAIN and LOGIN. Any credentials will do, and none are kept.</summary>
internal sealed class SmtpAuth
{
    private int _answersLeft;

    /// <summary>Whether the next line belongs to the exchange rather than being a command.</summary>
    public bool Expecting => _answersLeft > 0;

    public ReadOnlySpan<byte> Start(string argument)
    {
        var parts = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var initial = parts.Length > 1;
        switch (parts.FirstOrDefault()?.ToUpperInvariant())
        {
            case "PLAIN" when initial:
                return SmtpReplies.Authenticated;
            case "PLAIN":
                _answersLeft = 1;
                return "334 \r\n"u8;
            case "LOGIN":
                _answersLeft = initial ? 1 : 2;
                return Prompt();
            default:
                return SmtpReplies.AuthMechanism;
        }
    }

    public ReadOnlySpan<byte> Answer(string line)
    {
        if (line == "*")
        {
            _answersLeft = 0;
            return SmtpReplies.AuthCancelled;
        }

        return --_answersLeft == 0 ? SmtpReplies.Authenticated : Prompt();
    }

    private ReadOnlySpan<byte> Prompt() => _answersLeft == 2 ? "334 VXNlcm5hbWU6\r\n"u8 : "334 UGFzc3dvcmQ6\r\n"u8;
}
