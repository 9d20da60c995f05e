namespace Notify.Workers.Email.Smtp;

/// <summary>Where in a session an answer was given: the same code means different things in different places.</summary>
[Flags]
internal enum SmtpPhase
{
    /// <summary>Greeting, EHLO, STARTTLS.</summary>
    Connect = 1,

    /// <summary>AUTH.</summary>
    Login = 2,

    /// <summary>MAIL: the server has seen our sender address and the size.</summary>
    Sender = 4,

    /// <summary>RCPT.</summary>
    Recipient = 8,

    /// <summary>DATA, before any content.</summary>
    Data = 16,

    /// <summary>After the final dot.</summary>
    Content = 32,

    /// <summary>Where an answer can be about the recipient.</summary>
    AboutRecipient = Recipient | Data | Content,

    Any = Connect | Login | Sender | AboutRecipient,
}
