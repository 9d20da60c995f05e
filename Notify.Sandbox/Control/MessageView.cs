using Notify.Sandbox.Mail;

namespace Notify.Sandbox.Control;

/// <summary>A message as the control API shows it; the second half only where one is asked for in full.</summary>
internal sealed record MessageView(
    long Seq,
    DateTimeOffset At,
    string Channel,
    string Provider,
    string To,
    string From,
    string? Title,
    string? Preview,
    Guid? DeliveryId,
    string ProviderId,
    bool Answered,
    int Bytes
)
{
    public IReadOnlyList<HeaderView>? Headers { get; init; }

    /// <summary>The body as it came.</summary>
    public string? Raw { get; init; }

    public PushView? Push { get; init; }

    public ParsedMail? Mail { get; init; }

    public SmsView? Sms { get; init; }
}

/// <summary>One header, or one command of a mail's envelope.</summary>
internal sealed record HeaderView(string Name, string Value);
