namespace Notify.Sandbox.Mail;

/// <summary>A piece of a mail that is neither its text nor its HTML.</summary>
internal sealed record MailPart(string Name, string Type, int Bytes);
