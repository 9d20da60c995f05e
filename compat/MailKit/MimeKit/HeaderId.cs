namespace MimeKit;

/// <summary>Header fields with a name of their own; any other goes by its text.</summary>
public enum HeaderId
{
    AutoSubmitted,
    Bcc,
    Cc,
    ContentDisposition,
    ContentId,
    ContentTransferEncoding,
    ContentType,
    Date,
    From,
    Importance,
    InReplyTo,
    ListId,
    ListUnsubscribe,
    ListUnsubscribePost,
    MessageId,
    MimeVersion,
    Precedence,
    Priority,
    References,
    ReplyTo,
    ReturnPath,
    Sender,
    Subject,
    To,
    Unknown = -1,
}
