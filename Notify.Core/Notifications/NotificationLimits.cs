namespace Notify.Core.Notifications;

/// <summary>Every bound that a request is held to. Provider figures come from their own documentation (see docs/problems.md).</summary>
public static class NotificationLimits
{
    public const int Recipients = 500;
    public const int RecipientIdLength = 128;
    public const int ItemBytes = 256 * 1024;
    public const int BatchBytes = 4 * 1024 * 1024;
    public const int BatchItems = 1_000;
    public const int CategoryLength = 64;
    public const int DeduplicationKeyLength = 255;
    public const int IdempotencyKeyLength = 255;
    public const int TokenLength = 4_096;

    /// <summary>Twilio's limit of a message body, in characters.</summary>
    public const int SmsCharacters = 1_600;

    /// <summary>RFC 5322 §2.1.1: no line longer than this; a subject is one line before folding.</summary>
    public const int SubjectCharacters = 998;

    public const int MaxTimeToLiveSeconds = 2_419_200;

    public static TimeSpan DefaultTimeToLive { get; } = TimeSpan.FromDays(3);
}
