namespace MailKit.Security;

/// <summary>TLS could not be set up; the inner exception is what the handshake threw.</summary>
public class SslHandshakeException : Exception
{
    public SslHandshakeException() : base("An error occurred while attempting to establish an SSL or TLS connection.")
    {
    }

    public SslHandshakeException(string message) : base(message)
    {
    }

    public SslHandshakeException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
