using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Notify.Tests.Core.Hosting;
using Npgsql;

namespace Notify.Tests.Core.Data;

/// <summary>A database of the version before, with rows in every state, over two days and two tenants.</summary>
[Collection(SharedPostgres.Name)]
public sealed class RowsInPlaceMigrationTests(PostgresServer server) : IAsyncLifetime
{
    private const string Before = "20261130211500_Lists";
    private static readonly DateTimeOffset Midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Everything = """
        SELECT concat_ws('|', tenant_id, accepted_at, delivery_id, notification_id, channel, lane, recipient_id, address, device, state, reason, attempt, fence,
                         at_most_once, due_at, expires_at, provider, provider_message_id, code, segments, attempts, sent_at, updated_at, queued_at, claim_id)
          FROM deliveries ORDER BY 1
        """;

    private string _connectionString = "";
    private NpgsqlDataSource _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await server.CreateEmptyDatabaseAsync();
        _database = HotPathData.Create(_connectionString);
        await MigrateAsync(Before);
        foreach (var day in new[] { Midnight.AddDays(-1), Midnight })
        {
            await ExecuteAsync(
                $"""
                CREATE TABLE deliveries_{day:yyyyMMdd} PARTITION OF deliveries FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(
                    1
                ):yyyy-MM-dd} 00:00:00+00')
                """
            );
        }
        string[] states =
        [
            "queued",
            "sending",
            "waiting",
            "sent",
            "delivered",
            "failed",
            "bounced",
            "expired",
            "suppressed",
            "skipped",
            "cancelled",
            "unknown",
            "dead",
        ];
        foreach (var at in new[] { Midnight.AddMilliseconds(-1), Midnight, Midnight.AddHours(23) })
        {
            foreach (var state in states)
                await AddAsync(state, UuidV7.New(at));
        }
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Every_row_is_kept_as_it_was_and_in_its_day()
    {
        var before = await ListAsync(Everything);

        await MigrateAsync();

        Assert.Equal(39, before.Count);
        Assert.Equal(before, await ListAsync(Everything));
        Assert.Equal(
            ["deliveries_20260228 13", "deliveries_20260301 26"],
            await ListAsync("SELECT tableoid::regclass || ' ' || count(*) FROM deliveries GROUP BY tableoid ORDER BY 1")
        );
        Assert.Empty(await ListAsync("SELECT relname::text FROM pg_class WHERE relname LIKE '%before%'"));
    }

    [Fact]
    public async Task Whoever_might_read_the_table_still_may()
    {
        await ExecuteAsync("CREATE ROLE autoscaler; GRANT SELECT ON deliveries TO autoscaler");

        await MigrateAsync();

        Assert.Equal(
            ["true false"],
            await ListAsync(
                "SELECT concat_ws(' ', has_table_privilege('autoscaler', 'deliveries', 'SELECT')::text, has_table_privilege('autoscaler', 'deliveries', 'UPDATE')::text)"
            )
        );
        await ExecuteAsync("DROP OWNED BY autoscaler; DROP ROLE autoscaler");
    }

    [Fact]
    public async Task What_is_queued_stands_in_batches_and_a_claims_lease_goes_on()
    {
        await MigrateAsync();

        Assert.Equal(
            await ListAsync("SELECT delivery_id::text FROM deliveries WHERE state = 'queued' ORDER BY 1"),
            await ListAsync(
                """
                SELECT i.id::text FROM queued_batches b CROSS JOIN LATERAL unnest(b.delivery_ids) AS i(id)
                  JOIN deliveries d ON d.delivery_id = i.id AND d.queued_at = b.queued_at ORDER BY 1
                """
            )
        );
        Assert.Equal(
            ["3"],
            await ListAsync("SELECT count(*) FROM deliveries WHERE state = 'sending' AND due_at = '2026-03-02 00:00:00+00'")
        );
    }

    [Fact]
    public async Task Two_tenants_deliveries_with_one_id_are_both_kept()
    {
        var id = UuidV7.New(Midnight);
        await AddAsync("sent", id);
        await AddAsync("dead", id, tenant: "other");

        await MigrateAsync();

        Assert.Equal([$"{id} sent"], await ListAsync($"SELECT delivery_id || ' ' || state FROM deliveries WHERE delivery_id = '{id}'"));
        var other = Guid.Parse(
            Assert.Single(await ListAsync("SELECT delivery_id::text FROM deliveries WHERE tenant_id = 'other' AND state = 'dead'"))
        );
        Assert.True(UuidV7.TryGetTime(other, out var time));
        Assert.Equal(Midnight, time);
    }

    [Fact]
    public async Task Way_back_keeps_every_row_too()
    {
        var before = await ListAsync(Everything);
        await MigrateAsync();
        await MigrateAsync(Before);

        Assert.Equal(before, await ListAsync(Everything));
        await MigrateAsync();
        Assert.Equal(before, await ListAsync(Everything));
    }

    private async Task MigrateAsync(string? target = null)
    {
        await using var context = PostgresServer.NewContext(_connectionString);
        await context.GetService<IMigrator>().MigrateAsync(target, Cancel);
        await _database.ReloadTypesAsync(Cancel);
        _database.Clear(); // what was prepared for the tables of before
    }

    private Task AddAsync(string state, Guid id, string tenant = "acme") =>
        ExecuteAsync(
            $$"""
            INSERT INTO deliveries (tenant_id, accepted_at, delivery_id, notification_id, channel, lane, recipient_id, address, device, state, reason, attempt, fence,
                                    at_most_once, due_at, expires_at, provider, provider_message_id, code, segments, attempts, sent_at, queued_at, claim_id)
            VALUES ('{{tenant}}', '{{UuidV7.TimeOf(id):O}}', '{{id}}', '{{UuidV7.New(
                UuidV7.TimeOf(id)
            )}}', 'push', 'bulk', 'u1', 'token', '{"platform":"fcm"}', '{{state}}',
                    {{(state == "waiting" ? "'share'" : "NULL")}}, 2, 3, true, {{(
                state is "waiting" or "sending" ? "'2026-03-02 00:00:00+00'" : "NULL"
            )}}, '2026-03-04', 'fcm', 'm1', '503', 1,
                    '[{"at":"2026-03-01T00:00:00+00:00","provider":"fcm","outcome":"transient","milliseconds":5}]', {{(
                state == "sent" ? "'2026-03-01'" : "NULL"
            )}},
                    {{(state == "queued" ? "'2026-03-01 00:00:01+00'" : "NULL")}}, gen_random_uuid())
            """
        );

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<List<string>> ListAsync(string sql)
    {
        var rows = new List<string>();
        await using var command = _database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }
}
