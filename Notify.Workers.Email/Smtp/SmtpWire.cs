using MailKit;

namespace Notify.Workers.Email.Smtp;

/// <summary>
/// Watches what crosses the wire, because a send that fails does not tell how far it came: an exception is the same before and
/// after the final dot, and that decides between another attempt and a possible second copy. A protocol logger sees the client's
/// bytes once they were handed to the network, and the sequence CRLF dot CRLF is nowhere in a transaction but at the end of its
/// content, where every other leading dot is doubled. Nothing that passes is kept.
/// </summary>
internal sealed class SmtpWire : IProtocolLogger
{
    private static readonly byte[] FinalDot = "\r\n.\r\n"u8.ToArray();
    private int _matched;

    /// <summary>Whether the content of the message was sent whole: the server may own it from here on.</summary>
    public bool FinalDotSent { get; private set; }

    /// <summary>Whether the server said anything since the message was begun.</summary>
    public bool Answered { get; private set; }

    /// <summary>Never asked for: what is written is not kept.</summary>
    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public void BeginMessage()
    {
        FinalDotSent = Answered = false;
        _matched = 0;
    }

    public void LogConnect(Uri uri) { }

    public void LogClient(byte[] buffer, int offset, int count)
    {
        foreach (var octet in buffer.AsSpan(offset, count))
        {
            // Falling back: the only proper prefix of the sequence that another match can start with is a CR, or CRLF at its end.
            _matched =
                octet == FinalDot[_matched] ? _matched + 1
                : octet == '\r' ? 1
                : 0;
            if (_matched == FinalDot.Length)
            {
                FinalDotSent = true;
                _matched = 2;
            }
        }
    }

    public void LogServer(byte[] buffer, int offset, int count) => Answered = true;

    public void Dispose() { }
}
