using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Core.Tenants;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router;

public sealed class NotificationRouterTests(PostgresServer server) : DatabaseTests(server)
{
    private const string Keyed = """{"recipients":[{"phone":"+15005550006"}],"deduplicationKey":"order-1","message":{"body":"B"}}""";
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(Start);
    private readonly TenantShares _shares = new(Options.Create(new RouterOptions { LaneWindow = 10, MinShare = 1 }));

    [Fact]
    public async Task Batch_is_written_and_comes_back_to_be_sent()
    {
        var (first, second) = (Incoming.Notification(Start), Incoming.Notification(Start.AddDays(1)));
        var sendable = await WriteAsync(first, second);

        Assert.Equal([first.Id, second.Id], sendable.Select(delivery => delivery.NotificationId));
        Assert.Equal(
            ["deliveries_20261121 queued", "deliveries_20261122 queued"],
            await Database.ListAsync("SELECT tableoid::regclass || ' ' || state FROM deliveries ORDER BY 1")
        );
        Assert.Equal(
            sendable.Select(delivery => delivery.Id.ToString()).Order(),
            await Database.ListAsync("SELECT delivery_id FROM deliveries ORDER BY delivery_id::text")
        );
        var record = sendable[0];
        Assert.Equal(
            ("+15005550006", "B", "normal", Start.AddDays(3)),
            (record.Address, record.Content.Body, record.Priority, record.ExpiresAt)
        );
    }

    [Fact]
    public async Task Replayed_batch_writes_nothing_and_brings_back_what_is_still_queued()
    {
        var (sent, open) = (Incoming.Notification(Start), Incoming.Notification(Start.AddMilliseconds(1)));
        var before = await WriteAsync(sent, open);
        await Database.ExecuteAsync($"UPDATE deliveries SET state = 'sent' WHERE notification_id = '{sent.Id}'");
        var routedAt = await Database.ListAsync("SELECT routed_at FROM notifications");
        _time.Now += TimeSpan.FromMinutes(5);

        var again = Assert.Single(await WriteAsync(sent, open));

        Assert.Equal(
            JsonSerializer.Serialize(before.Single(delivery => delivery.NotificationId == open.Id)),
            JsonSerializer.Serialize(again)
        );
        Assert.Equal(routedAt, await Database.ListAsync("SELECT routed_at FROM notifications"));
        Assert.Equal(2L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries"));
    }

    [Theory]
    [InlineData("channel = 'voice'")]
    [InlineData("address = NULL")]
    [InlineData("device = '{}'")]
    public async Task Row_of_a_replayed_record_that_this_version_cannot_read_stays_queued(string change)
    {
        var (newer, open) = (Incoming.Notification(Start), Incoming.Notification(Start.AddMilliseconds(1)));
        await WriteAsync(newer, open);
        await Database.ExecuteAsync($"UPDATE deliveries SET {change} WHERE notification_id = '{newer.Id}'");

        var again = Assert.Single(await WriteAsync(newer, open));

        Assert.Equal(open.Id, again.NotificationId);
        Assert.Equal(["queued 2"], await Database.ListAsync("SELECT concat_ws(' ', state, count(*)) FROM deliveries GROUP BY state"));
    }

    [Fact]
    public async Task Same_notification_twice_in_a_batch_is_routed_once()
    {
        var notification = Incoming.Notification(Start);
        Assert.Single(await WriteAsync(notification, notification with { }));
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries"));
    }

    [Fact]
    public async Task What_goes_over_the_tenants_share_waits_for_its_turn()
    {
        var batch = Enumerable.Range(0, 13).Select(i => Incoming.Notification(Start.AddMilliseconds(i))).ToArray();

        var sendable = await WriteAsync(batch);

        Assert.Equal(batch.Take(10).Select(notification => notification.Id), sendable.Select(delivery => delivery.NotificationId));
        Assert.Equal(
            ["queued  true 10", "waiting share false 3"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, coalesce(reason, ''), (queued_at IS NOT NULL)::text, count(*)) FROM deliveries GROUP BY state, reason, queued_at IS NOT NULL ORDER BY 1"
            )
        );
        Assert.Equal(3L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE due_at = expires_at"));
    }

    [Fact]
    public async Task Push_device_survives_a_replay()
    {
        var push = Incoming.Notification(
            Start,
            """{"recipients":[{"push":{"token":"t","platform":"apns","app":"com.example","environment":"sandbox"}}],"message":{"body":"B"}}"""
        );
        await WriteAsync(push);
        var device = Assert.Single(await WriteAsync(push)).Device!;
        Assert.Equal(("apns", "com.example", "sandbox"), (device.Platform, device.App, device.Environment));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Second_with_the_same_key_is_skipped_and_the_first_goes_on(bool inOneBatch)
    {
        var (first, second) = (Incoming.Notification(Start, Keyed), Incoming.Notification(Start.AddMilliseconds(5), Keyed));
        var sendable = inOneBatch ? await WriteAsync(second, first) : [.. await WriteAsync(first), .. await WriteAsync(second)];

        Assert.Equal(first.Id, Assert.Single(sendable).NotificationId);
        Assert.Equal(
            ["queued ", "skipped duplicate"],
            await Database.ListAsync("SELECT state || ' ' || coalesce(reason, '') FROM deliveries ORDER BY 1")
        );
        Assert.Equal(
            first.Id,
            await Database.ScalarAsync<Guid>($"SELECT duplicate_of FROM notifications WHERE notification_id = '{second.Id}'")
        );
    }

    [Fact]
    public async Task Idempotency_key_counts_like_a_deduplication_key_but_is_another_key()
    {
        var sendable = await WriteAsync(
            Incoming.Notification(Start, idempotencyKey: "order-1"),
            Incoming.Notification(Start.AddMilliseconds(1), idempotencyKey: "order-1"),
            Incoming.Notification(Start.AddMilliseconds(2), Keyed),
            Incoming.Notification(Start.AddMilliseconds(3), idempotencyKey: "not a key"),
            Incoming.Notification(Start.AddMilliseconds(4), idempotencyKey: "not a key")
        );
        Assert.Equal([0, 2, 3, 4], sendable.Select(delivery => (UuidV7.TimeOf(delivery.NotificationId) - Start).Milliseconds).Order());
    }

    [Fact]
    public async Task Key_of_another_tenant_is_another_key() =>
        Assert.Equal(
            2,
            (await WriteAsync(Incoming.Notification(Start, Keyed), Incoming.Notification(Start, Keyed, tenant: "other"))).Count
        );

    [Theory]
    [InlineData(24, false)]
    [InlineData(24.01, true)]
    public async Task Key_is_free_again_after_a_day(double hours, bool free)
    {
        await WriteAsync(Incoming.Notification(Start, Keyed));
        _time.Now += TimeSpan.FromHours(hours);
        Assert.Equal(free ? 1 : 0, (await WriteAsync(Incoming.Notification(_time.Now, Keyed))).Count);
    }

    [Fact]
    public async Task Purge_removes_keys_that_have_had_their_day_and_no_others()
    {
        await WriteAsync(Incoming.Notification(Start, Keyed), Incoming.Notification(Start, Keyed, tenant: "other"));
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal(0, await DedupKeyStore.PurgeAsync(Database.Source, Start.AddHours(23), cancel));
        Assert.Equal(2, await DedupKeyStore.PurgeAsync(Database.Source, Start.AddHours(25), cancel));
    }

    [Fact]
    public async Task Of_many_at_once_with_one_key_one_is_sent()
    {
        await WriteAsync(Incoming.Notification(Start)); // its day is there
        var results = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(i => WriteAsync(Incoming.Notification(Start.AddMilliseconds(i), Keyed)))
        );
        Assert.Single(results.SelectMany(sendable => sendable));
        Assert.Equal(
            19L,
            await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'skipped' AND reason = 'duplicate'")
        );
    }

    [Fact]
    public async Task Unreachable_recipient_leaves_a_row_that_says_why()
    {
        Assert.Empty(
            await WriteAsync(Incoming.Notification(Start, """{"recipients":["ghost"],"channels":["sms"],"message":{"body":"B"}}"""))
        );
        Assert.Equal(
            ["skipped unknown_recipient ghost"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, recipient_id, address) FROM deliveries")
        );
    }

    [Fact]
    public async Task Notification_that_was_cancelled_before_it_was_routed_is_stored_and_not_sent()
    {
        var (cancelled, other) = (Incoming.Notification(Start), Incoming.Notification(Start.AddMilliseconds(1)));
        await Database.ExecuteAsync(
            $"INSERT INTO cancellations (tenant_id, notification_id, asked_at) VALUES ('acme', '{cancelled.Id}', now()), ('other', '{other.Id}', now())"
        );

        Assert.Equal(other.Id, Assert.Single(await WriteAsync(cancelled, other)).NotificationId);

        Assert.Equal(
            [$"{cancelled.Id} cancelled cancelled", $"{other.Id} queued"],
            await Database.ListAsync("SELECT concat_ws(' ', notification_id, state, reason) FROM deliveries ORDER BY accepted_at")
        );
        // and so it stays when the batch comes again
        Assert.Equal(other.Id, Assert.Single(await WriteAsync(cancelled, other)).NotificationId);
    }

    [Fact]
    public async Task Nobody_ever_sees_the_rows_of_a_wish_that_was_there_before_them()
    {
        var cancelled = Incoming.Notification(Start);
        await Database.ExecuteAsync(
            $"INSERT INTO cancellations (tenant_id, notification_id, asked_at) VALUES ('acme', '{cancelled.Id}', now())"
        );

        await WriteAsync(cancelled);

        Assert.Equal(
            ["t"],
            await Database.ListAsync(
                "SELECT (d.xmin = n.xmin)::text::char FROM deliveries d JOIN notifications n USING (notification_id) WHERE d.state = 'cancelled'"
            )
        ); // written by one transaction
    }

    [Fact]
    public async Task What_can_never_be_sent_fails_unless_somebody_has_it()
    {
        var sendable = await WriteAsync(Incoming.Notification(Start), Incoming.Notification(Start.AddMilliseconds(1)));
        await Database.ExecuteAsync($"UPDATE deliveries SET state = 'sending' WHERE delivery_id = '{sendable[0].Id}'");

        await FailRows.FailAsync(
            Database.Source,
            sendable.Select(delivery => new DeliveryKey("acme", delivery.Id)),
            DeliveryReasons.TooLarge,
            Cancel
        );

        Assert.Equal(
            ["failed too_large", "sending"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason) FROM deliveries ORDER BY 1")
        );
    }

    [Fact]
    public async Task What_waits_for_its_tenants_turn_is_cancelled_too()
    {
        var batch = Enumerable.Range(0, 11).Select(i => Incoming.Notification(Start.AddMilliseconds(i))).ToArray();
        await Database.ExecuteAsync(
            $"INSERT INTO cancellations (tenant_id, notification_id, asked_at) VALUES ('acme', '{batch[^1].Id}', now())"
        );

        await WriteAsync(batch);

        Assert.Equal(
            ["cancelled t 1", "queued t 10"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, due_at IS NULL, count(*)) FROM deliveries GROUP BY state, due_at IS NULL ORDER BY 1"
            )
        );
    }

    [Fact]
    public async Task Purge_removes_cancellations_whose_notification_can_no_longer_come()
    {
        await Database.ExecuteAsync(
            $"INSERT INTO cancellations (tenant_id, notification_id, asked_at) VALUES ('acme', '{Guid.NewGuid()}', '2026-11-21'), ('acme', '{Guid.NewGuid()}', '2026-11-22')"
        );
        Assert.Equal(0, await CancellationStore.PurgeAsync(Database.Source, new(2026, 11, 24, 23, 0, 0, TimeSpan.Zero), Cancel));
        Assert.Equal(1, await CancellationStore.PurgeAsync(Database.Source, new(2026, 11, 25, 1, 0, 0, TimeSpan.Zero), Cancel));
    }

    [Fact]
    public async Task Tenant_that_is_disabled_has_a_row_that_says_so_and_nothing_is_produced()
    {
        Assert.Empty(await WriteAsync(Incoming.Notification(Start) with { Owner = TenantEntry.Plain with { IsEnabled = false } }));
        Assert.Equal(["skipped tenant_disabled"], await Database.ListAsync("SELECT concat_ws(' ', state, reason) FROM deliveries"));
    }

    [Fact]
    public async Task What_is_routed_after_its_time_is_expired_and_not_produced()
    {
        _time.Now += TimeSpan.FromDays(3);
        Assert.Empty(await WriteAsync(Incoming.Notification(Start)));
        Assert.Equal(["expired expired"], await Database.ListAsync("SELECT concat_ws(' ', state, reason) FROM deliveries"));
    }

    private Task<List<DeliveryRecord>> WriteAsync(params IncomingNotification[] batch) =>
        new TestRouting(Database.Source, _shares, _time).RouteAsync(Cancel, batch);
}
