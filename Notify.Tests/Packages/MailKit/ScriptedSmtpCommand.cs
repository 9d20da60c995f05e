namespace Notify.Tests.Packages.MailKit;

/// <summary>A line that a client sent.</summary>
/// <param name="Line">The line without its end.</param>
/// <param name="Secured">Whether it came under TLS.</param>
/// <param name="Ahead">Whether more had come with it, before it was answered.</param>
internal sealed record ScriptedSmtpCommand(string Line, bool Secured, bool Ahead);
