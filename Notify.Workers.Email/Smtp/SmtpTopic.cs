namespace Notify.Workers.Email.Smtp;

/// <summary>What the text of a refusal speaks of: servers share a few codes among many matters.</summary>
[Flags]
internal enum SmtpTopic
{
    None = 0,

    /// <summary>A rate.</summary>
    Rate = 1,

    /// <summary>What may be sent in a day.</summary>
    Day = 2,

    /// <summary>Connections at a time.</summary>
    Connections = 4,

    /// <summary>Mail for others than the server's own domains.</summary>
    Relaying = 8,

    /// <summary>The right to use our sender address.</summary>
    SenderRights = 16,

    /// <summary>SPF, DKIM, DMARC.</summary>
    Authentication = 32,

    /// <summary>An identity that Amazon SES has not verified.</summary>
    Identity = 64,

    /// <summary>Our account: suspended, paused, without a permission.</summary>
    Account = 128,
}
