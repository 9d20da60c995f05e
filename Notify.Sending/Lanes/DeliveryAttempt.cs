using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Limits;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Sending.Lanes;

/// <summary>One claimed delivery: its message, the call, and what the outcome makes of the row.</summary>
internal interface IDeliveryAttempt
{
    /// <summary>Null where no message can be made of the delivery: nothing was called.</summary>
    /// <param name="job">What is to be sent.</param>
    /// <param name="entry">The right to a call; null where it had expired before it came to that.</param>
    /// <param name="claim">The right to this attempt.</param>
    /// <param name="cutOff">Ends the call: its answer counts as lost.</param>
    ValueTask<SettledAttempt?> MakeAsync(DeliveryJob job, Entry? entry, Claim claim, CancellationToken cutOff);
}

/// <summary>
/// The attempts of a channel's lane, for its kind of message. The message is made here: after the claim, so that only what is sent is
/// rendered, and away from the consume thread, so that a rendering that takes long delays nothing but this lane.
/// </summary>
internal sealed partial class DeliveryAttempt<TMessage>(
    Channel channel,
    Lane lane,
    Func<DeliveryRecord, TMessage> render,
    ISender<TMessage> sender,
    AddressLimiter? addresses,
    DeliveryMetrics metrics,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger logger
) : IDeliveryAttempt
{
    public async ValueTask<SettledAttempt?> MakeAsync(DeliveryJob job, Entry? entry, Claim claim, CancellationToken cutOff)
    {
        var started = time.GetUtcNow();
        if (entry is not { } taken)
            return new(job.Key, claim, Transitions.Expired, null);
        if (started >= job.Delivery.ExpiresAt || claim.Attempt > options.Value.MaxAttempts)
        {
            taken.Account.Leave(taken);
            return new(job.Key, claim, started >= job.Delivery.ExpiresAt ? Transitions.Expired : Transitions.Abandoned, null);
        }
        if (!TryRender(job.Delivery, out var message))
        {
            taken.Account.Leave(taken);
            return null;
        }
        if (await sender.CallAsync(taken, job.Target, message, options.Value.SendTimeout, cutOff) is not { } outcome)
            return new(
                job.Key,
                claim,
                Transitions.Paused(taken.Account.PausedUntil ?? started + options.Value.RetryFloor),
                new AttemptRecord(started, taken.Account.Name, AttemptRecord.NotCalled, 0)
            );
        return Settle(job, claim, taken, outcome, started, time.GetUtcNow());
    }

    /// <summary>False where one delivery breaks the rendering: that must not end the lane, which would meet it again after each
    /// restart.</summary>
    private bool TryRender(DeliveryRecord delivery, [MaybeNullWhen(false)] out TMessage message)
    {
        try
        {
            message = render(delivery);
            return true;
        }
#pragma warning disable CA1031 // Whatever comes out of it, it is this delivery's.
        catch (Exception)
#pragma warning restore CA1031
        {
            message = default;
            return false;
        }
    }

    private SettledAttempt Settle(DeliveryJob job, Claim claim, Entry entry, Outcome outcome, DateTimeOffset started, DateTimeOffset ended)
    {
        var provider = entry.Account.Name;
        metrics.Attempted(channel, provider, outcome.Kind, ended - started);
        if (outcome.Kind == OutcomeKind.Sent)
            metrics.HandedOver(channel, lane, ended - job.Key.AcceptedAt);
        else
            Log.NotSent(logger, job.Delivery.Id, provider, outcome.Kind, outcome.Code);
        if (outcome is { Kind: OutcomeKind.Throttled, ConcernsAddress: true })
            addresses?.PauseUntil(job.Delivery.Address, ended + (outcome.RetryAfter ?? options.Value.MisconfiguredWait));
        var transition =
            entry.IsProbe && outcome is { Kind: OutcomeKind.Transient, ConcernsAddress: false }
                ? Transitions.StillDown(UntilNextProbe(entry.Account, outcome, job.Target, ended), job.Delivery.ExpiresAt, ended)
                : Transitions.For(
                    Hurried(outcome, job.Target),
                    claim.Attempt,
                    claim.AtMostOnce,
                    job.Delivery.ExpiresAt,
                    ended,
                    options.Value,
                    Jitter.Next()
                );
        var attempt = new AttemptRecord(
            started,
            provider,
            outcome.Kind.ToName(),
            (int)(ended - started).TotalMilliseconds,
            StoredText.Clean(outcome.Code, 64),
            StoredText.Clean(DetailOf(outcome), 300)
        );
        return new(
            job.Key,
            claim,
            transition,
            attempt,
            StoredText.Clean(outcome.ProviderMessageId, 256),
            outcome.Segments,
            DeadDeviceOf(job, outcome)
        );
    }

    private static string? DetailOf(Outcome outcome) =>
        outcome.Scope is { } scope ? $"{outcome.Detail} Waits for it alone: {scope}." : outcome.Detail;

    /// <summary>What one provider will not take now another may: then there is no need to wait for the first.</summary>
    private Outcome Hurried(Outcome outcome, DeliveryTarget target) =>
        outcome is { Kind: OutcomeKind.Throttled or OutcomeKind.Misconfigured, ConcernsAddress: false } && sender.MayGoElsewhere(target)
            ? outcome with
            {
                RetryAfter = options.Value.RetryFloor,
            }
            : outcome;

    /// <summary>Not all at the moment at which it may be called again, so that one that fails every time is not the one that tries every
    /// time.</summary>
    private TimeSpan UntilNextProbe(IAccount account, Outcome outcome, DeliveryTarget target, DateTimeOffset now)
    {
        if (sender.MayGoElsewhere(target))
            return options.Value.RetryFloor;
        var pause = account.PausedUntil is { } until && until - now > options.Value.RetryFloor ? until - now : options.Value.RetryFloor;
        return (outcome.RetryAfter > pause ? outcome.RetryAfter.Value : pause) + options.Value.RetryBase * Jitter.Next();
    }

    private static DeadDevice? DeadDeviceOf(DeliveryJob job, Outcome outcome) =>
        outcome.Kind == OutcomeKind.DeadAddress && job.Delivery is { Device.DeviceId: { } device, RecipientId: { } recipient }
            ? new(recipient, device, job.Delivery.Address, StoredText.Clean(outcome.Code, 64) ?? "dead")
            : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Delivery {DeliveryId} through {Provider}: {Outcome} ({Code}).")]
        public static partial void NotSent(ILogger logger, Guid deliveryId, string provider, OutcomeKind outcome, string? code);
    }
}
