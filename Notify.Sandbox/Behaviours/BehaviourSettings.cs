using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Behaviours;

/// <summary>How a provider is to misbehave, for everybody or for one address.</summary>
internal sealed record BehaviourSettings(Provider Provider)
{
    /// <summary>Token, number or mail address; null for all.</summary>
    public string? Address { get; init; }

    /// <summary>Milliseconds to wait before the answer; the message is already accepted then.</summary>
    public int LatencyMs { get; init; }

    /// <summary>HTTP status or SMTP reply; null where <see cref="Code"/> implies it, or nothing is refused.</summary>
    public int? Status { get; init; }

    /// <summary>FCM errorCode, APNs reason, Twilio code, SendGrid message, gateway code, OAuth error, or SMTP enhanced code with
    /// text.</summary>
    public string? Code { get; init; }

    /// <summary>The answer's body, word for word, of an HTTP provider; null for the one that <see cref="Code"/> makes.</summary>
    public string? Body { get; init; }

    /// <summary>Value of the Retry-After header: seconds or an HTTP date.</summary>
    public string? RetryAfter { get; init; }

    public Drop Drop { get; init; }

    public SmtpStage At { get; init; } = SmtpStage.Rcpt;

    public double Probability { get; init; } = 1;

    /// <summary>Applies to the first so many messages only; null for no end.</summary>
    public long? Times { get; init; }

    public bool Refuses => Status is not null || Code is not null;
}
