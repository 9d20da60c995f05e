using Notify.Core.Data;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Core.Data;

public sealed class DayPartitionsTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Days_are_made_by_the_utc_date_of_the_times()
    {
        await new DayPartitions(Database.Source).EnsureAsync(
            [Midnight, Midnight.AddTicks(-1), Midnight.AddHours(23), new(2026, 3, 2, 0, 30, 0, TimeSpan.FromHours(1))],
            Cancel
        );
        Assert.Equal(
            ["deliveries_20260228", "deliveries_20260301", "notifications_20260228", "notifications_20260301"],
            await Database.ListAsync(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent IN ('notifications'::regclass, 'deliveries'::regclass) ORDER BY 1"
            )
        );
    }

    [Fact]
    public async Task Rows_go_to_their_day()
    {
        await new DayPartitions(Database.Source).EnsureAsync([Midnight, Midnight.AddMilliseconds(-1)], Cancel);
        foreach (var at in new[] { "2026-02-28 23:59:59.999+00", "2026-03-01 00:00:00+00", "2026-03-01 00:59:59+01" })
        {
            await Database.ExecuteAsync(
                $"""
                INSERT INTO notifications (tenant_id, accepted_at, notification_id, type, priority, lane, request, expires_at, routed_at)
                VALUES ('acme', '{at}', gen_random_uuid(), 'alert', 'normal', 'standard', '', now(), now())
                """
            );
        }
        Assert.Equal(
            ["notifications_20260228", "notifications_20260228", "notifications_20260301"],
            await Database.ListAsync("SELECT tableoid::regclass::text FROM notifications ORDER BY 1")
        );
    }

    [Fact]
    public async Task Many_makers_at_once_make_each_day_once()
    {
        var days = Enumerable.Range(0, 5).Select(day => Midnight.AddDays(day)).ToList();
        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(maker => new DayPartitions(Database.Source).EnsureAsync(maker % 2 == 0 ? days : Enumerable.Reverse(days), Cancel))
        );
        Assert.Equal(
            10L,
            await Database.ScalarAsync<long>(
                "SELECT count(*) FROM pg_inherits WHERE inhparent IN ('notifications'::regclass, 'deliveries'::regclass)"
            )
        );
    }

    [Fact]
    public void Days_around_now_are_yesterday_to_three_days_ahead() =>
        Assert.Equal([28, 1, 2, 3, 4], DayPartitions.Around(Midnight).Select(day => day.Day));

    [Fact]
    public async Task Days_that_are_there_are_not_made_again()
    {
        var days = new DayPartitions(Database.Source);
        Assert.Equal(2, await days.EnsureAsync([Midnight, Midnight.AddDays(1)], Cancel));
        Assert.Equal(1, await days.EnsureAsync([Midnight, Midnight.AddDays(1), Midnight.AddDays(2)], Cancel));
    }

    [Theory]
    [InlineData("notifications")]
    [InlineData("deliveries")]
    public async Task Day_has_every_index_of_its_table(string table)
    {
        await new DayPartitions(Database.Source).EnsureAsync([Midnight], Cancel);
        Assert.Equal(
            await Database.ListAsync($"SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = '{table}'::regclass ORDER BY 1"),
            await Database.ListAsync(
                $"SELECT inhparent::regclass::text FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid WHERE x.indrelid = '{table}_20260301'::regclass ORDER BY 1"
            )
        );
        Assert.Equal(
            table == "deliveries" ? ["{fillfactor=50,autovacuum_analyze_threshold=5000}"] : [""],
            await Database.ListAsync($"SELECT reloptions::text FROM pg_class WHERE relname = '{table}_20260301'")
        );
    }
}
