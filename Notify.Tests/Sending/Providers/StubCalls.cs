using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Providers;

/// <summary>Calls with a message that is there already, which names its own target.</summary>
internal static class StubCalls
{
    public static Obstacle? TryEnter(
        this ISender providers,
        SmsMessage message,
        bool isRetry,
        bool isCritical,
        out Entry? entry,
        bool isLastCall = false
    ) => providers.TryEnter(TargetOf(message), isRetry, isCritical, out entry, isLastCall);

    public static Obstacle? TryEnter(
        this ProviderAccount<SmsMessage> account,
        SmsMessage message,
        bool isRetry,
        bool isCritical,
        out Entry entry
    ) => account.TryEnter(TargetOf(message), isRetry, isCritical, out entry);

    public static Task<Outcome?> CallAsync(
        this IAccount account,
        Entry entry,
        SmsMessage message,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) => ((ProviderAccount<SmsMessage>)account).CallAsync(entry, TargetOf(message), message, limit, cancellationToken);

    private static DeliveryTarget TargetOf(SmsMessage message) => new("t", message.To);
}
