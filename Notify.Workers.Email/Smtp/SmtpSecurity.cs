namespace Notify.Workers.Email.Smtp;

/// <summary>How the connection to the mail server is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>Plain text: for a server on this machine or a trusted network only; credentials would travel readable.</summary>
    None,

    /// <summary>TLS on port 465; on any other STARTTLS where it is offered, else plain text. Somebody on the way can take the offer
    /// out.</summary>
    Auto,

    /// <summary>STARTTLS, and no mail to a server without it.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    SslOnConnect,
}
