using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Tests.Core.Hosting;

/// <summary>A migrated database with what tests ask and put there.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        Source = HotPathData.Create(connectionString);
        _services = new ServiceCollection()
            .AddDbContext<NotifyDbContext>(options => options.UseNpgsql(connectionString))
            .BuildServiceProvider();
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public IServiceScopeFactory Scopes => _services.GetRequiredService<IServiceScopeFactory>();

    public static async Task<TestDatabase> CreateAsync(PostgresServer server) => new(await server.CreateDatabaseAsync());

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first column of every row, as text.</summary>
    public async Task<List<string>> ListAsync(string sql)
    {
        var values = new List<string>();
        await using var command = Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            values.Add(reader.IsDBNull(0) ? "" : reader.GetValue(0).ToString()!);
        return values;
    }

    /// <summary>Puts every queued delivery into a batch of its moment, as the Router's statements do.</summary>
    public Task BatchQueuedAsync() =>
        ExecuteAsync(
            """
            UPDATE deliveries SET queued_at = accepted_at WHERE state = 'queued' AND queued_at IS NULL;
            DELETE FROM queued_batches;
            INSERT INTO queued_batches (channel, lane, queued_at, delivery_ids)
            SELECT channel, lane, queued_at, array_agg(delivery_id) FROM deliveries WHERE state = 'queued' GROUP BY channel, lane, queued_at
            """
        );

    /// <summary>A delivery in a state, with its notification; <paramref name="due"/> is SQL, such as <c>now() - interval '1
    /// s'</c>.</summary>
    public async Task<DeliveryKey> AddDeliveryAsync(
        string state,
        string due = "NULL",
        bool atMostOnce = false,
        string expires = "now() + interval '1 day'",
        string tenant = "acme"
    )
    {
        var time = TimeProvider.System.GetUtcNow();
        await new DayPartitions(Source).EnsureAsync([time], TestContext.Current.CancellationToken);
        var notification = UuidV7.New(time);
        var delivery = UuidV7.Derive(UuidV7.TimeOf(notification), notification.ToByteArray());
        await using var command = Source.CreateCommand(
            $$$"""
            INSERT INTO recipients (tenant_id, recipient_id, phone, created_at, updated_at) VALUES (@tenant, 'u1', '+15005550006', now(), now()) ON CONFLICT DO NOTHING;
            INSERT INTO notifications (tenant_id, accepted_at, notification_id, type, priority, lane, request, expires_at, routed_at)
            VALUES (@tenant, @at, @notification, 'transactional', 'normal', 'standard', convert_to('{"recipients":["u1"],"message":{"body":"B"}}', 'UTF8'), {{{expires}}}, now());
            INSERT INTO deliveries (tenant_id, accepted_at, delivery_id, notification_id, channel, lane, recipient_id, address, state, attempt, fence, at_most_once, expires_at, due_at)
            VALUES (@tenant, @at, @delivery, @notification, 'sms', 'standard', 'u1', '+15005550006', @state, 0, 0, @once, {{{expires}}}, {{{due}}});
            """
        );
        command.Parameters.Add(new("tenant", tenant));
        command.Parameters.Add(new("at", UuidV7.TimeOf(notification)));
        command.Parameters.Add(new("notification", notification));
        command.Parameters.Add(new("delivery", delivery));
        command.Parameters.Add(new("state", state));
        command.Parameters.Add(new("once", atMostOnce));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new(tenant, delivery);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Source.DisposeAsync();
    }
}
