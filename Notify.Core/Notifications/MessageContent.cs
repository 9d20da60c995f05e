namespace Notify.Core.Notifications;

/// <summary>What is said: a title and a body for every channel, and what a channel says differently.</summary>
public sealed class MessageContent
{
    public string? Title { get; init; }

    public string? Body { get; init; }

    public PushContent? Push { get; init; }

    public EmailContent? Email { get; init; }

    public SmsContent? Sms { get; init; }
}

/// <summary>A push's own words.</summary>
public sealed class PushContent
{
    public string? Title { get; init; }

    public string? Body { get; init; }
}

/// <summary>A mail's own words; without <see cref="Text"/> the plain part is the common body.</summary>
public sealed class EmailContent
{
    public string? Subject { get; init; }

    public string? Text { get; init; }

    public string? Html { get; init; }
}

/// <summary>A text message's own words.</summary>
public sealed class SmsContent
{
    public string? Body { get; init; }
}
