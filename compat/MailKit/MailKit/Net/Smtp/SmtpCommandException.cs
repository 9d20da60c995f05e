using MimeKit;

namespace MailKit.Net.Smtp;

/// <summary>The server refused a command. After a send the transaction was reset and the connection can be used again.</summary>
public class SmtpCommandException : CommandException
{
    public SmtpCommandException(SmtpErrorCode code, SmtpStatusCode status, MailboxAddress mailbox, string message) : base(message) =>
        (ErrorCode, StatusCode, Mailbox) = (code, status, mailbox);

    public SmtpCommandException(SmtpErrorCode code, SmtpStatusCode status, string message) : base(message) =>
        (ErrorCode, StatusCode) = (code, status);

    public SmtpErrorCode ErrorCode { get; }

    /// <summary>The refused address, for a refused sender or recipient.</summary>
    public MailboxAddress? Mailbox { get; }

    public SmtpStatusCode StatusCode { get; }
}
