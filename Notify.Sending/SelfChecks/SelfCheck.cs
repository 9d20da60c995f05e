using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Sending.SelfChecks;

/// <summary>One check: a notification as any producer's, and a look at what becomes of its delivery.</summary>
public sealed partial class SelfCheck(
    Channel channel,
    RecordProducer producer,
    NpgsqlDataSource database,
    SelfCheckMetrics metrics,
    IOptions<SelfCheckOptions> options,
    TimeProvider time,
    ILogger<SelfCheck> logger
)
{
    private const string AddTenantSql =
        "INSERT INTO tenants (tenant_id, enabled, weight, created_at) VALUES (@tenant, true, 1, now()) ON CONFLICT DO NOTHING";

    private const string StateSql = """
        SELECT state, concat_ws(' ', state, reason, code) FROM deliveries WHERE tenant_id = @tenant AND notification_id = @id AND delivery_id BETWEEN @first AND @last
        """;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    // The Router looks for a tenant that it does not know once a second.
    private static readonly TimeSpan TenantSettles = TimeSpan.FromSeconds(2);
    private bool _hasTenant;

    /// <summary>Whether the channel has a recipient for it.</summary>
    public bool IsOn => SelfCheckRequest.For(channel, options.Value) is not null;

    public async Task<SelfCheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var seen = "not produced";
        using var deadline = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        SelfCheckResult result;
        try
        {
            await EnsureTenantAsync(either.Token);
            var id = await ProduceAsync(either.Token);
            seen = "not routed";
            result = await WatchAsync(id, state => seen = state, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = SelfCheckResult.Late;
        }
        catch (Exception fault)
            when (!cancellationToken.IsCancellationRequested && (DatabaseFaults.IsPassing(fault) || fault is ProduceFailedException))
        {
            (result, seen) = (SelfCheckResult.Unreachable, fault.GetType().Name);
        }
        metrics.Ended(result, time.GetElapsedTime(started));
        if (result != SelfCheckResult.Ok)
            Log.Failed(logger, channel, result.ToTag(), seen, metrics.Failures);
        return result;
    }

    private async Task EnsureTenantAsync(CancellationToken cancellationToken)
    {
        if (_hasTenant)
            return;
        await using var command = database.CreateCommand(AddTenantSql);
        command.Parameters.Add(new("tenant", SelfCheckNotification.Tenant));
        var isNew = await command.ExecuteNonQueryAsync(cancellationToken) > 0;
        _hasTenant = true;
        if (isNew)
            await Task.Delay(TenantSettles, time, cancellationToken);
    }

    private async Task<Guid> ProduceAsync(CancellationToken cancellationToken)
    {
        var request = SelfCheckRequest.For(channel, options.Value)
            ?? throw new InvalidOperationException($"{SelfCheckOptions.SectionName} names no recipient for {channel}.");
        var id = UuidV7.New(time.GetUtcNow());
        var headers = new Headers()
            .With(RecordHeaders.SchemaVersion, RecordHeaders.Version1)
            .With(RecordHeaders.Tenant, SelfCheckNotification.Tenant)
            .With(RecordHeaders.NotificationId, id.ToString())
            .With(RecordHeaders.ContentType, RecordHeaders.Json);
        // A key of the check's own: were it the recipient, all checks of all time would see the same partition.
        var key = Encoding.UTF8.GetBytes($"{SelfCheckNotification.Tenant}/{id}");
        await producer
            .ProduceAsync(
                Topics.Notifications(request.Lane()),
                key,
                JsonSerializer.SerializeToUtf8Bytes(request, NotificationJson.Lenient.NotificationRequest),
                headers
            )
            .WaitAsync(cancellationToken);
        return id;
    }

    /// <summary>Looks until the delivery is settled or the time is over; a database that is away for a moment fails no check.</summary>
    private async Task<SelfCheckResult> WatchAsync(Guid id, Action<string> saw, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Poll, time, cancellationToken);
            try
            {
                await using var command = database.CreateCommand(StateSql);
                command.Parameters.Add(new("tenant", SelfCheckNotification.Tenant));
                var (first, last) = UuidV7.RangeAt(UuidV7.TimeOf(id));
                command.Parameters.Add(new("first", first));
                command.Parameters.Add(new("last", last));
                command.Parameters.Add(new("id", id));
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                if (!await reader.ReadAsync(cancellationToken))
                    continue;
                saw(reader.GetString(1));
                var state = reader.GetString(0);
                if (state == DeliveryState.Sent.ToName() || state == DeliveryState.Delivered.ToName())
                    return SelfCheckResult.Ok;
                if (DeliveryStates.IsSettled(state))
                    return SelfCheckResult.NotSent;
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested && DatabaseFaults.IsPassing(fault))
            {
                saw(fault.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The self-check of {Channel} failed ({Result}; last seen: {State}), {Failures} in a row.")]
        public static partial void Failed(ILogger logger, Channel channel, string result, string state, int failures);
    }
}
