namespace Notify.Sandbox.Mail;

/// <summary>A mail as its reader sees it.</summary>
internal sealed record ParsedMail(
    string? Subject,
    string? From,
    string? To,
    string? Date,
    string? Text,
    string? Html,
    IReadOnlyList<MailPart> Attachments
);
