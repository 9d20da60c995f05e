namespace MailKit.Security;

public enum SecureSocketOptions
{
    /// <summary>Plain text.</summary>
    None,

    /// <summary>Port 465 means TLS from the first byte, any other STARTTLS where it is offered.</summary>
    Auto,

    /// <summary>TLS from the first byte.</summary>
    SslOnConnect,

    /// <summary>STARTTLS; a server without it is refused.</summary>
    StartTls,

    /// <summary>STARTTLS where it is offered, plain text where not.</summary>
    StartTlsWhenAvailable,
}
