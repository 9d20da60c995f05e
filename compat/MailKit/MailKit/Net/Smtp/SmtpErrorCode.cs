namespace MailKit.Net.Smtp;

public enum SmtpErrorCode
{
    /// <summary>Refused after the content was sent.</summary>
    MessageNotAccepted,

    /// <summary>MAIL was refused.</summary>
    SenderNotAccepted,

    /// <summary>RCPT was refused.</summary>
    RecipientNotAccepted,

    /// <summary>Any other command was refused: greeting, EHLO, STARTTLS, DATA, NOOP.</summary>
    UnexpectedStatusCode,
}
