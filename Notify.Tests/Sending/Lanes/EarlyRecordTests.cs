using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Sending;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Sending.Lanes;

/// <summary>The pump produces a record before it commits its row as queued, so a worker may read it in between.</summary>
public sealed class EarlyRecordTests(PostgresServer server) : DatabaseTests(server)
{
    private WorkerRows Store => new(Database.Source);

    [Theory]
    [InlineData("retry", "now() - interval '1 second'")]
    [InlineData("share", "now() + interval '1 day'")] // one that waits for its tenant's turn comes due only when it expires
    public async Task Claim_waits_for_the_pumps_commit_and_gets_the_row(string reason, string due)
    {
        var key = await WaitingAsync(reason, due);
        Dictionary<Guid, Claim> claims = [];
        await WhilePumpCommitsAsync(async () => claims = await Store.ClaimAsync([key], TimeSpan.FromMinutes(1), Cancel));

        Assert.Equal(new Claim(key.Id, 1, 1, false), claims.GetValueOrDefault(key.Id));
    }

    [Theory]
    [InlineData("retry", "now() - interval '1 second'")]
    [InlineData("share", "now() + interval '1 day'")]
    public async Task Row_is_put_aside_after_the_pumps_commit(string reason, string due)
    {
        var key = await WaitingAsync(reason, due);
        await WhilePumpCommitsAsync(() =>
            Store.ParkAsync([new ParkedRow(key, DeliveryReasons.ProviderPaused, TimeProvider.System.GetUtcNow().AddMinutes(1))], Cancel)
        );

        Assert.Equal(["waiting provider_paused"], await Database.ListAsync("SELECT concat_ws(' ', state, reason) FROM deliveries"));
    }

    private async Task<DeliveryKey> WaitingAsync(string reason, string due)
    {
        var key = await Database.AddDeliveryAsync("waiting", due);
        await Database.ExecuteAsync($"UPDATE deliveries SET reason = '{reason}'");
        return key;
    }

    private async Task WhilePumpCommitsAsync(Func<Task> work)
    {
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await ExecuteAsync("SELECT FROM deliveries FOR UPDATE");
        var working = work();
        await Until.GetAsync(
            async () =>
                working.IsCompleted
                || await Database.ScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database())"
                )
                    ? ""
                    : null,
            _ => "The worker's statement waits for the pump's.",
            Cancel
        );
        await ExecuteAsync("UPDATE deliveries SET state = 'queued', reason = NULL, due_at = NULL, queued_at = now()");
        await transaction.CommitAsync(Cancel);
        await working;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }
}
