using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Router.Maintenance;
using Npgsql;

namespace Notify.Tests.Workers.Router.Maintenance;

public sealed class RetentionTests(PostgresServer server) : DatabaseTests(server)
{
    private const string Days = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname ~ '_[0-9]{8}$' ORDER BY 1";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1); // only for a failure
    private readonly ManualTime _time = new(); // at noon of 21 November 2026

    [Fact]
    public async Task Whole_days_past_their_time_go_and_the_others_stay()
    {
        await AddDayAsync(daysAgo: 91, "sent");
        await AddDayAsync(daysAgo: 90, "dead");
        await AddDayAsync(daysAgo: 0, "queued");
        using var loop = await StartAsync();

        await UntilAsync("deliveries_20260823", "deliveries_20261121", "notifications_20260823", "notifications_20261121");
        await PassHoursAsync(12); // and the next at midnight

        await UntilAsync("deliveries_20261121", "notifications_20261121");
        await loop.StopAsync(Cancel);
    }

    [Fact]
    public async Task Day_in_which_something_is_open_is_kept_until_it_has_ended()
    {
        await AddDayAsync(daysAgo: 91, "waiting");
        await AddDayAsync(daysAgo: 92, "expired");
        using var loop = await StartAsync();
        await UntilAsync("deliveries_20260822", "notifications_20260822");

        await Database.ExecuteAsync("UPDATE deliveries SET state = 'expired'");
        await PassHoursAsync(1);

        await UntilAsync();
        await loop.StopAsync(Cancel);
    }

    [Fact]
    public async Task Day_that_was_detached_with_something_open_in_it_is_attached_again()
    {
        await AddDayAsync(daysAgo: 91, "waiting");
        await Database.ExecuteAsync("ALTER TABLE deliveries DETACH PARTITION deliveries_20260822");
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries"));

        var (removed, kept) = await new DayRemoval(Database.Source).RemoveBeforeAsync(new(2026, 8, 23), Cancel);

        Assert.Empty(removed);
        Assert.Equal([new DateOnly(2026, 8, 22)], kept);
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries"));
    }

    [Fact]
    public async Task Day_that_somebody_reads_goes_later_and_nobody_waits_meanwhile()
    {
        await AddDayAsync(daysAgo: 91, "sent");
        await AddDayAsync(daysAgo: 0, "queued");
        await using var reader = await Database.Source.OpenConnectionAsync(Cancel);
        await using var reading = await reader.BeginTransactionAsync(Cancel);
        await using (var count = new NpgsqlCommand("SELECT count(*) FROM deliveries", reader))
            await count.ExecuteScalarAsync(Cancel);
        var removing = new DayRemoval(Database.Source).RemoveBeforeAsync(new(2026, 8, 23), Cancel);
        await Until.TrueAsync(
            async () =>
                await Database.ScalarAsync<bool>(
                    "SELECT bool_or(inhdetachpending) FROM pg_inherits WHERE inhparent = 'deliveries'::regclass"
                ),
            "the day is being detached",
            Cancel
        );

        await Database.ExecuteAsync("UPDATE deliveries SET state = 'sending' WHERE state = 'queued'").WaitAsync(Deadline, Cancel);
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries").WaitAsync(Deadline, Cancel));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => removing);
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);

        await reading.CommitAsync(Cancel);
        Assert.Equal(
            [new DateOnly(2026, 8, 22)],
            (await new DayRemoval(Database.Source).RemoveBeforeAsync(new(2026, 8, 23), Cancel)).Removed
        );
        await UntilAsync("deliveries_20261121", "notifications_20261121");
    }

    [Fact]
    public async Task Letters_replays_and_the_audit_log_have_times_of_their_own()
    {
        foreach (var (days, id) in new[] { (91, 1), (89, 2), (364, 3), (366, 4) })
        {
            await Database.ExecuteAsync(
                $"""
                INSERT INTO dead_letters (tenant_id, dead_letter_id, created_at, kind, fingerprint, cause, state, attempt_count, ambiguous)
                VALUES ('acme', '00000000-0000-0000-0000-00000000000{id}', '{_time.GetUtcNow().AddDays(
                    -days
                ):O}', 'record', 'f', 'c', 'open', 0, false);
                INSERT INTO audit_log (tenant_id, audit_id, at, actor, action, subject)
                VALUES ('acme', '00000000-0000-0000-0000-00000000000{id}', '{_time.GetUtcNow().AddDays(-days):O}', 'k', 'a', 's');
                """
            );
        }
        using var loop = await StartAsync();

        await Until.TrueAsync(
            async () => await Database.ScalarAsync<long>("SELECT count(*) FROM audit_log") == 3,
            "the oldest entry is gone",
            Cancel
        );
        await loop.StopAsync(Cancel);
        Assert.Equal(["00000000-0000-0000-0000-000000000002"], await Database.ListAsync("SELECT dead_letter_id FROM dead_letters"));
    }

    private async Task AddDayAsync(int daysAgo, string state)
    {
        var at = _time.GetUtcNow().AddDays(-daysAgo);
        await new DayPartitions(Database.Source).EnsureAsync([at], Cancel);
        await Database.ExecuteAsync(
            $"""
            INSERT INTO deliveries (delivery_id, notification_id, accepted_at, expires_at, at_most_once, tenant_id, channel, lane, state, attempt, fence)
            VALUES ('{UuidV7.New(at)}', '{UuidV7.New(at)}', '{at:O}', '{at:O}', false, 'acme', 'sms', 'standard', '{state}', 0, 0)
            """
        );
    }

    private async Task<Retention> StartAsync()
    {
        var loop = new Retention(
            new(Database.Source),
            Database.Source,
            Options.Create(new RetentionOptions()),
            _time,
            NullLogger<Retention>.Instance
        );
        await loop.StartAsync(Cancel);
        return loop;
    }

    private async Task PassHoursAsync(int hours)
    {
        for (var hour = 0; hour < hours; hour++)
        {
            await Until.TrueAsync(() => _time.Pending > 0, "The loop waits for its next round.", Cancel);
            _time.Advance(TimeSpan.FromHours(1));
        }
    }

    private Task UntilAsync(params string[] days) =>
        Until.TrueAsync(
            async () => (await Database.ListAsync(Days)).SequenceEqual(days),
            $"the days are {string.Join(", ", days)}",
            Cancel
        );
}
