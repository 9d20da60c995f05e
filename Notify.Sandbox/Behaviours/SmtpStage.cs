namespace Notify.Sandbox.Behaviours;

/// <summary>The moment of an SMTP session a behaviour applies at; <see cref="Dot"/> is the end of the message's data.</summary>
internal enum SmtpStage
{
    Connect,
    Ehlo,
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,
}
