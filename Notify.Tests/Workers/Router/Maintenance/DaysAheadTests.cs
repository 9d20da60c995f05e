using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.Recipients;
using Notify.Core.Routing;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Maintenance;
using Notify.Workers.Router.Shares;
using Npgsql;

namespace Notify.Tests.Workers.Router.Maintenance;

public sealed class DaysAheadTests(PostgresServer server) : DatabaseTests(server)
{
    private const string Days = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'deliveries'::regclass ORDER BY 1";

    // Only for a failure: what waits for a lock would wait for ever.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new(); // at noon of 21 November 2026

    [Fact]
    public async Task Days_are_made_at_the_start_and_as_time_goes_on()
    {
        using var loop = await StartAsync();
        await MadeAsync("deliveries_20261124");
        Assert.Equal(
            ["deliveries_20261120", "deliveries_20261121", "deliveries_20261122", "deliveries_20261123", "deliveries_20261124"],
            await Database.ListAsync(Days)
        );

        for (var hour = 0; hour < 12; hour++)
            await PassHourAsync();

        await MadeAsync("deliveries_20261125");
        await loop.StopAsync(Cancel);
    }

    /// <summary>The first notification of a day met the pump, which reads deliveries first and notifications after: each held what the
    /// other waited for.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Notifications_of_a_new_day_are_routed_while_a_long_reader_holds_the_tables(bool madeAhead)
    {
        await using var reader = await Database.Source.OpenConnectionAsync(Cancel);
        await using var reading = await reader.BeginTransactionAsync(Cancel);
        await ExecuteAsync(reader, "SELECT * FROM deliveries FOR UPDATE SKIP LOCKED");
        using var loop = madeAhead ? await StartAsync() : null;
        if (madeAhead)
            await MadeAsync("deliveries_20261124");

        var routed = await WriteAsync(Incoming.Notification(_time.GetUtcNow()), Incoming.Notification(_time.GetUtcNow().AddDays(-20)))
            .WaitAsync(Deadline, Cancel);

        Assert.Equal(2, routed.Count);
        await ExecuteAsync(reader, "SELECT count(*) FROM notifications");
        await reading.CommitAsync(Cancel);
        await (loop?.StopAsync(Cancel) ?? Task.CompletedTask);
        Assert.Equal(
            ["deliveries_20261101", "deliveries_20261121"],
            await Database.ListAsync("SELECT tableoid::regclass::text FROM deliveries ORDER BY 1")
        );
    }

    [Fact]
    public async Task Maker_that_waits_for_a_schema_change_holds_up_nobody_and_goes_on_after_it()
    {
        await new DayPartitions(Database.Source).EnsureAsync([_time.GetUtcNow()], Cancel);
        await using var owner = await Database.Source.OpenConnectionAsync(Cancel);
        await using var change = await owner.BeginTransactionAsync(Cancel);
        await ExecuteAsync(owner, "LOCK TABLE deliveries IN SHARE UPDATE EXCLUSIVE MODE");
        using var loop = await StartAsync();
        await Until.GetAsync(
            async () =>
                await Database.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'deliveries'::regclass")
                > 0
                    ? ""
                    : null,
            _ => "The maker waits.",
            Cancel
        );

        Assert.Single(await WriteAsync(Incoming.Notification(_time.GetUtcNow())).WaitAsync(Deadline, Cancel));
        Assert.Equal(["deliveries_20261121"], await Database.ListAsync(Days));
        await change.CommitAsync(Cancel);

        await MadeAsync("deliveries_20261124");
        await loop.StopAsync(Cancel);
    }

    [Fact]
    public async Task Several_routers_make_each_day_once()
    {
        var loops = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync()));
        await MadeAsync("deliveries_20261124");

        foreach (var loop in loops)
        {
            await loop.StopAsync(Cancel);
            Assert.True(loop.ExecuteTask!.IsCompletedSuccessfully || loop.ExecuteTask.IsCanceled);
            loop.Dispose();
        }
        Assert.Equal(5, (await Database.ListAsync(Days)).Count);
    }

    private async Task<DaysAhead> StartAsync()
    {
        var loop = new DaysAhead(new DayPartitions(Database.Source), _time, NullLogger<DaysAhead>.Instance);
        await loop.StartAsync(Cancel);
        return loop;
    }

    /// <summary>The loop has asked for its pause by the time its next round can be told; moved too early, the clock would not wake
    /// it.</summary>
    private async Task PassHourAsync()
    {
        await Until.TrueAsync(() => _time.Pending > 0, "The loop waits for its next round.", Cancel);
        _time.Advance(TimeSpan.FromHours(1));
    }

    private Task MadeAsync(string day) =>
        Until.GetAsync(async () => (await Database.ListAsync(Days)).Contains(day) ? "" : null, _ => $"{day} is there.", Cancel);

    private Task<IReadOnlyList<SendableDelivery>> WriteAsync(params IncomingNotification[] batch) =>
        new RoutingStore(
            Database.Source,
            new DayPartitions(Database.Source),
            new TenantShares(Options.Create(new RouterOptions())),
            _time
        ).WriteAsync(
            batch,
            (notification, duplicateOf) =>
                new(
                    notification,
                    RoutingPlan.Decide("acme", notification.Id, notification.Request, new Dictionary<string, Profile>(), null),
                    duplicateOf,
                    AtMostOnce: false
                ),
            Cancel
        );

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
