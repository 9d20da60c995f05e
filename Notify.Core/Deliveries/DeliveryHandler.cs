using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Core.Deliveries;

/// <summary>
/// A batch of delivery records from one lane: decode, claim together, send each, write its outcome, finish its offset.
/// A record whose delivery cannot be claimed was dealt with by somebody else and is simply finished.
/// </summary>
public sealed partial class DeliveryHandler<TMessage>(
    Channel channel,
    Lane lane,
    Func<DeliveryRecord, TMessage> render,
    ProviderCaller<TMessage> caller,
    DeliveryStore store,
    OutcomeWriter outcomes,
    DeadLetterStore deadLetters,
    DeliveryMetrics metrics,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger<DeliveryHandler<TMessage>> logger) : IRecordHandler
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    public int MaxInFlight { get; } = options.Value.ConcurrencyOf(lane);

    public async Task HandleAsync(IReadOnlyList<ConsumedRecord> batch, Action<int> release, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var jobs = new List<Job>(batch.Count);
        foreach (var record in batch)
        {
            if (Decode(record, out var cause) is { } job)
            {
                jobs.Add(job);
                continue;
            }
            await WithPatience(token => deadLetters.KeepAsync(record, cause, token), cancellationToken);
            Finish(record, release);
        }
        if (jobs.Count == 0)
            return;
        var claims = await WithPatience(token => store.ClaimAsync(jobs.ConvertAll(job => job.Key), options.Value.Lease, token), cancellationToken);
        var sending = new List<Task>(jobs.Count);
        foreach (var job in jobs)
        {
            // Removed as taken: the same delivery twice in one batch is sent once.
            if (claims.Remove(job.Delivery.Id, out var claim))
                sending.Add(SendAsync(job, claim, release));
            else
                Finish(job.Record, release);
        }
        await Task.WhenAll(sending);
    }

    private async Task SendAsync(Job job, Claim claim, Action<int> release)
    {
        using var activity = Telemetry.Traces.StartFrom(DeliveryMetrics.Activities, $"send {channel.ToName()}", ActivityKind.Consumer, job.Record.Headers.Text(RecordHeaders.TraceParent));
        activity?.SetTag("notify.delivery.id", job.Delivery.Id).SetTag("notify.notification.id", job.Delivery.NotificationId).SetTag("notify.lane", lane.ToName());
        try
        {
            var settled = time.GetUtcNow() >= job.Delivery.ExpiresAt
                ? new SettledAttempt(job.Key, claim, Transition.Expired, null)
                : await AttemptAsync(job, claim);
            activity?.SetTag("notify.state", settled.Transition.State.ToName());
            await outcomes.WriteAsync(settled);
            metrics.Settled(channel, lane, settled.Transition.State);
        }
        catch (OperationCanceledException)
        {
            return;   // stopping before the outcome could be written: the offset stays, the lease brings the delivery back
        }
        Finish(job.Record, release);
    }

    private async Task<SettledAttempt> AttemptAsync(Job job, Claim claim)
    {
        var started = time.GetUtcNow();
        var (provider, outcome) = await caller.CallAsync(render(job.Delivery), options.Value.SendTimeout);
        var ended = time.GetUtcNow();
        metrics.Attempted(channel, provider, outcome.Kind, ended - started);
        if (outcome.Kind == OutcomeKind.Sent)
            metrics.HandedOver(channel, lane, ended - job.Key.AcceptedAt);
        else
            Log.NotSent(logger, job.Delivery.Id, provider, outcome.Kind, outcome.Code);
        var transition = Transition.For(outcome, claim.Attempt, claim.AtMostOnce, job.Delivery.ExpiresAt, ended, options.Value, Jitter());
        var attempt = new AttemptRecord(started, provider, outcome.Kind.ToName(), (int)(ended - started).TotalMilliseconds, StoredText.Clean(outcome.Code, 64), StoredText.Clean(outcome.Detail, 300));
        return new(job.Key, claim, transition, attempt, StoredText.Clean(outcome.ProviderMessageId, 256), outcome.Segments, DeadDeviceOf(job, outcome));
    }

    private static DeadDevice? DeadDeviceOf(Job job, Outcome outcome) =>
        outcome.Kind == OutcomeKind.DeadAddress && job.Delivery is { Device.DeviceId: { } device, RecipientId: { } recipient }
            ? new(recipient, device, job.Delivery.Address, StoredText.Clean(outcome.Code, 64) ?? "dead")
            : null;

    // Jitter spreads retries over time; it decides nothing that must be repeatable, and the schedule itself takes it as an argument.
#pragma warning disable CA5394
    private static double Jitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394

    private static void Finish(ConsumedRecord record, Action<int> release)
    {
        record.Finish();
        release(1);
    }

    private Job? Decode(ConsumedRecord record, out string cause)
    {
        cause = "";
        if (record.Headers.Text(RecordHeaders.SchemaVersion) is { } version && version != RecordHeaders.Version1)
            cause = DeadLetterCauses.UnknownVersion;
        else if (record.Headers.Text(RecordHeaders.Tenant) is not { } tenant || !StoredText.IsName(tenant, 64))
            cause = DeadLetterCauses.NoTenant;
        else
        {
            try
            {
                var delivery = JsonSerializer.Deserialize(record.Value, DeliveryJson.Default.DeliveryRecord);
                if (delivery is { Address: not null, Content: not null, Priority: not null } && UuidV7.TryGetTime(delivery.Id, out _) && (channel != Channel.Push || delivery.Device is not null))
                    return new(record, delivery, new(tenant, delivery.Id));
                cause = DeadLetterCauses.Unreadable;
            }
            catch (JsonException)
            {
                cause = DeadLetterCauses.Unreadable;
            }
        }
        return null;
    }

    /// <summary>A database that is away is waited for: the lane stands, its partitions stay, nothing is lost.</summary>
    private async Task<T> WithPatience<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work(cancellationToken);
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault) && !cancellationToken.IsCancellationRequested)
            {
                Log.Waiting(logger, channel, lane, fault.GetType().Name);
                await Task.Delay(RetryPause, time, cancellationToken);
            }
        }
    }

    private sealed record Job(ConsumedRecord Record, DeliveryRecord Delivery, DeliveryKey Key);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Delivery {DeliveryId} through {Provider}: {Outcome} ({Code}).")]
        public static partial void NotSent(ILogger logger, Guid deliveryId, string provider, OutcomeKind outcome, string? code);

        [LoggerMessage(LogLevel.Warning, "{Channel} {Lane} waits for Postgres ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, Channel channel, Lane lane, string fault);
    }
}
