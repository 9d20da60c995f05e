namespace Notify.Sandbox.Smtp;

/// <summary>Why a session is over.</summary>
internal enum SmtpEnd
{
    Closed,
    StartTls,
    HangUp,
}
