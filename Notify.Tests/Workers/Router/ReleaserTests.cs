using System.Reflection;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;
using Notify.Workers.Router.Release;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router;

public sealed class ReleaserTests(PostgresServer server) : RouterTests(server)
{
    private const string Past = "now() - interval '1 second'";
    private const string Topic = "deliveries.sms.standard";

    private Releaser Store => StoreOn(Broker.Producer);

    [Fact]
    public async Task Due_rows_are_produced_again_and_others_are_left()
    {
        var retry = await Database.AddDeliveryAsync("waiting", Past);
        var abandoned = await Database.AddDeliveryAsync("sending", Past);
        await Database.AddDeliveryAsync("waiting", "now() + interval '1 hour'");
        await Database.AddDeliveryAsync("queued");
        await Database.AddDeliveryAsync("sent");

        Assert.Equal(2, await ReleaseAsync(Store, 100));
        Assert.Equal(0, await ReleaseAsync(Store, 100));

        Assert.Equal(["queued 3", "sent 1", "waiting 1"], await StatesAsync());
        var records = Broker.Read(Topic);
        Assert.Equal(new[] { retry.Id, abandoned.Id }.Order(), records.Select(IdOf).Order());
        Assert.All(records, record => Assert.Equal("acme", record.Message.Headers.Text("tenant")));
    }

    [Fact]
    public async Task Claim_past_its_lease_is_left_until_it_is_asked_for()
    {
        await Database.AddDeliveryAsync("waiting", Past);
        await Database.AddDeliveryAsync("sending", Past);

        Assert.Equal(1, await ReleaseAsync(Store, 100, lapsedToo: false));

        Assert.Equal(["queued 1", "sending 1"], await StatesAsync());
        Assert.Equal(1, await ReleaseAsync(Store, 100));
    }

    [Fact]
    public async Task Two_pumps_release_each_row_once()
    {
        for (var i = 0; i < 60; i++)
            await Database.AddDeliveryAsync("waiting", Past);
        var released = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(async _ =>
                {
                    var total = 0;
                    for (int taken; (taken = await ReleaseAsync(Store, 7)) > 0; total += taken) { }
                    return total;
                })
        );

        Assert.Equal(60, released.Sum());
        Assert.Equal(60, Broker.Read(Topic).Select(IdOf).Distinct().Count());
        Assert.Equal(60, Broker.Read(Topic).Count);
        Assert.Equal(["queued 60"], await StatesAsync());
    }

    [Theory]
    [InlineData("sending", true, "now() + interval '1 day'", "unknown lease_expired")]
    [InlineData("sending", false, "now() + interval '1 day'", "queued")]
    [InlineData("waiting", true, "now() + interval '1 day'", "queued")]
    [InlineData("waiting", false, "now() - interval '1 second'", "expired expired")]
    [InlineData("sending", false, "now() - interval '1 second'", "expired expired")]
    public async Task Row_that_came_due_becomes(string state, bool atMostOnce, string expires, string expected)
    {
        await Database.AddDeliveryAsync(state, Past, atMostOnce, expires);
        Assert.Equal(1, await ReleaseAsync(Store, 10));
        Assert.Equal([expected], await Database.ListAsync("SELECT concat_ws(' ', state, reason) FROM deliveries WHERE due_at IS NULL"));
        Assert.Equal(expected == "queued" ? 1 : 0, Broker.Read(Topic).Count);
    }

    [Fact]
    public async Task Due_rows_of_a_tenant_that_was_disabled_meanwhile_end_and_are_not_produced()
    {
        await Database.AddDeliveryAsync("waiting", Past);
        await Database.AddDeliveryAsync("waiting", Past, tenant: "other");
        await Database.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', false, now()) ON CONFLICT (tenant_id) DO UPDATE SET enabled = false"
        );

        Assert.Equal(2, await ReleaseAsync(Store, 10));

        Assert.Equal(
            ["acme skipped tenant_disabled", "other queued"],
            await Database.ListAsync("SELECT concat_ws(' ', tenant_id, state, reason) FROM deliveries WHERE due_at IS NULL ORDER BY 1")
        );
        Assert.Single(Broker.Read(Topic));
    }

    [Fact]
    public async Task Row_is_left_due_when_its_record_cannot_be_produced()
    {
        await Database.AddDeliveryAsync("waiting", Past);
        using var nowhere = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = "127.0.0.1:1", MessageTimeoutMs = 200 }
        )
            .SetLogHandler((_, _) => { })
            .Build();
        await Assert.ThrowsAsync<ProduceFailedException>(() => ReleaseAsync(StoreOn(new RecordProducer(nowhere)), 10));
        Assert.Equal(["waiting 1"], await StatesAsync());
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE due_at < now() + interval '2 seconds'"));
    }

    [Fact]
    public async Task Row_whose_record_is_larger_than_Kafka_takes_fails_alone()
    {
        await Database.AddDeliveryAsync("waiting", Past);
        await Database.ExecuteAsync(
            """UPDATE notifications SET request = convert_to(json_build_object('recipients', json_build_array('u1'), 'message', json_build_object('body', repeat('a', 1100000)))::text, 'UTF8')"""
        );
        var small = await Database.AddDeliveryAsync("waiting", Past);

        Assert.Equal(2, await ReleaseAsync(Store, 10));

        Assert.Equal(
            ["failed too_large", "queued"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason) FROM deliveries WHERE due_at IS NULL ORDER BY 1")
        );
        Assert.Equal(small.Id, IdOf(Assert.Single(Broker.Read(Topic))));
    }

    [Fact]
    public async Task Row_whose_record_is_not_confirmed_stands_back_and_the_others_go()
    {
        var (confirmed, other) = (
            await Database.AddDeliveryAsync("waiting", Past),
            await Database.AddDeliveryAsync("waiting", Past, tenant: "other")
        );
        var halting = DispatchProxy.Create<IProducer<byte[], byte[]>, HaltingProducer>();

        var released = await StoreOn(new RecordProducer(halting))
            .ReleaseDueAsync([new("sms", "standard", 10, false)], lapsedToo: true, Cancel);

        Assert.Equal(confirmed.Id, Assert.Single(released).Id);
        Assert.Equal(
            ["acme queued", "other waiting t"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', tenant_id, state, due_at BETWEEN now() AND now() + interval '30 seconds') FROM deliveries ORDER BY 1"
            )
        );
        await Database.ExecuteAsync("UPDATE deliveries SET due_at = now() WHERE state = 'waiting'");
        Assert.Equal(other.Id, Assert.Single(await Store.ReleaseDueAsync([new("sms", "standard", 10, false)], lapsedToo: true, Cancel)).Id);
    }

    [Fact]
    public async Task Channel_that_stands_still_releases_only_what_is_not_to_be_sent()
    {
        await Database.AddDeliveryAsync("waiting", Past);
        await Database.AddDeliveryAsync("sending", Past);
        await Database.AddDeliveryAsync("waiting", Past, expires: Past);

        Assert.Equal(2, await ReleaseAsync(Store, 10, paused: true));

        Assert.Equal(["expired 1", "queued 1", "waiting 1"], await StatesAsync());
    }

    [Fact]
    public async Task Tenants_turn_releases_the_oldest_of_what_waits_for_it()
    {
        var first = await Database.AddDeliveryAsync("waiting", "now() + interval '1 day'");
        await Database.AddDeliveryAsync("waiting", "now() + interval '1 day'");
        await Database.ExecuteAsync("UPDATE deliveries SET reason = 'share'");

        var released = Assert.Single(await Store.ReleaseTurnsAsync([(new LaneTenant("sms", "standard", "acme"), 1)], Cancel));

        Assert.Equal(first.Id, released.Id);
        Assert.Equal(["queued 1", "waiting 1"], await StatesAsync());
        Assert.Equal(first.Id, IdOf(Assert.Single(Broker.Read(Topic))));
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE queued_at IS NOT NULL"));
    }

    [Fact]
    public async Task Rows_that_this_version_cannot_read_are_set_aside_and_the_others_go()
    {
        string[] changes =
        [
            "deliveries SET address = NULL",
            """deliveries SET device = '{"maker":"x"}'""",
            """notifications SET request = '{"recipients":7}'""",
            "notifications SET accepted_at = accepted_at - interval '1 ms'", // where it is not found
        ];
        foreach (var change in changes)
        {
            var key = await Database.AddDeliveryAsync("waiting", Past);
            await Database.ExecuteAsync(
                $"UPDATE {change} WHERE notification_id = (SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}')"
            );
        }
        var good = await Database.AddDeliveryAsync("waiting", Past);

        Assert.Equal(5, await ReleaseAsync(Store, 100));
        Assert.Equal(0, await ReleaseAsync(Store, 100));

        Assert.Equal(good.Id, IdOf(Assert.Single(Broker.Read(Topic))));
        Assert.Equal(
            ["queued", "waiting unreadable 4"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, reason, nullif(count(*), 1)) FROM deliveries GROUP BY state, reason ORDER BY 1"
            )
        );
        Assert.Equal(
            4L,
            await Database.ScalarAsync<long>(
                """
                SELECT count(*) FROM deliveries WHERE state = 'waiting' AND due_at BETWEEN now() + interval '4 minutes' AND now() + interval '6 minutes'
                """
            )
        );

        await Database.ExecuteAsync("UPDATE deliveries SET due_at = now(), expires_at = now() WHERE reason = 'unreadable'");
        Assert.Equal(4, await ReleaseAsync(Store, 100));
        Assert.Equal(
            ["expired expired 4", "queued"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, reason, nullif(count(*), 1)) FROM deliveries GROUP BY state, reason ORDER BY 1"
            )
        );
    }

    [Theory]
    [InlineData("voice", "standard")]
    [InlineData("sms", "express")]
    public async Task Turn_of_a_channel_or_lane_of_a_newer_version_is_set_aside(string channel, string lane)
    {
        await Database.AddDeliveryAsync("waiting", "now() + interval '1 day'");
        await Database.ExecuteAsync($"UPDATE deliveries SET reason = 'share', channel = '{channel}', lane = '{lane}'");
        await Database.AddDeliveryAsync("waiting", "now() + interval '1 day'", tenant: "other");
        await Database.ExecuteAsync("UPDATE deliveries SET reason = 'share'");

        await Store.ReleaseTurnsAsync(
            [(new LaneTenant(channel, lane, "acme"), 9), (new LaneTenant("sms", "standard", "other"), 9)],
            Cancel
        );

        Assert.Equal(
            ["acme waiting unreadable", "other queued"],
            await Database.ListAsync("SELECT concat_ws(' ', tenant_id, state, reason) FROM deliveries ORDER BY 1")
        );
    }

    private static async Task<int> ReleaseAsync(Releaser store, int limit, bool paused = false, bool lapsedToo = true) =>
        (await store.ReleaseDueAsync([new("sms", "standard", limit, paused)], lapsedToo, Cancel)).Count;

    private Releaser StoreOn(RecordProducer producer) =>
        new(
            Database.Source,
            new(Database.Source, TimeProvider.System),
            new(),
            Days,
            Deliveries(producer),
            Metrics,
            TimeProvider.System,
            NullLogger<Releaser>.Instance
        );

    private Task<List<string>> StatesAsync() =>
        Database.ListAsync("SELECT state || ' ' || count(*) FROM deliveries GROUP BY state ORDER BY 1");

    /// <summary>A broker of which one partition has no leader: what belongs to the tenant "other" is never confirmed.</summary>
#pragma warning disable CA1852 // The proxy's class derives from it, at run time.
    internal class HaltingProducer : DispatchProxy
#pragma warning restore CA1852
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var message = (Message<byte[], byte[]>)args![1]!;
            var halts = message.Headers.Text("tenant") == "other";
            ((Action<DeliveryReport<byte[], byte[]>>)args[2]!)(
                new()
                {
                    Error = new(halts ? ErrorCode.Local_MsgTimedOut : ErrorCode.NoError),
                    Message = message,
                    Status = halts ? PersistenceStatus.PossiblyPersisted : PersistenceStatus.Persisted,
                }
            );
            return null;
        }
    }

    private static Guid IdOf(ConsumeResult<byte[], byte[]> record) =>
        JsonSerializer.Deserialize(record.Message.Value, DeliveryJson.Default.DeliveryRecord)!.Id;
}
