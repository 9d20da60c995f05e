using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A heap of dead letters is replayed, twice by mistake and at the same time.</summary>
[Collection(FaultTests.Name)]
public sealed class F35RedriveTests(FaultApp app, ITestOutputHelper output)
{
    private const int Full = 10_000;
    private const int Few = 200;

    private static readonly TimeSpan s_patience = FaultSettings.Full ? TimeSpan.FromMinutes(30) : TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F35", quick: false)]
    public async Task A_replay_ordered_twice_sends_each_message_once_and_is_written_down()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F35", FaultSettings.Full ? Full : Few);
        await run.Sandbox.MisbehaveAsync(
            new
            {
                provider = "smtp",
                status = 451,
                code = "4.3.0 Try again",
            },
            Cancel
        );
        await run.Load.PostBatchesAsync(run.Emails(), 500, Cancel);
        await Until.GetAsync(
            async () => await run.Accounting.InStateAsync(Cancel, "dead") == run.Count ? "" : null,
            _ => "all are dead",
            Cancel,
            s_patience
        );
        await run.Sandbox.BehaveAsync("smtp", null, Cancel);
        var letters = await LettersAsync(run);
        run.FaultEnded();

        foreach (var ids in letters.Chunk(1_000))
            await Task.WhenAll(ReplayAsync(run, ids), ReplayAsync(run, ids));
        await Until.GetAsync(
            async () => await run.Accounting.InStateAsync(Cancel, "sent") == run.Count ? "" : null,
            _ => "all are sent",
            Cancel,
            s_patience
        );
        var (replayed, skipped) = await AuditAsync(run, letters);
        var balance = await run.EndAsync(("letters", letters.Length), ("auditReplayed", replayed), ("auditSkipped", skipped));

        Assert.Equal(0, balance.Duplicates);
        Assert.Equal(run.Count, letters.Length);
        Assert.Equal((letters.Length, letters.Length), (replayed, skipped));
    }

    private static async Task ReplayAsync(FaultRun run, Guid[] ids)
    {
        using var answer = await run.Notify.Api.PostAsync("/v1/dead-letters/replays", new { ids, ratePerSecond = 10_000 }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var replay = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["id"]!.GetValue<Guid>();
        await Until.GetAsync(
            async () =>
                (await run.Notify.Api.GetAsync($"/v1/dead-letters/replays/{replay}", Cancel))["state"]!.GetValue<string>() == "done"
                    ? ""
                    : null,
            _ => "the replay is done",
            Cancel
        );
    }

    private static async Task<Guid[]> LettersAsync(FaultRun run) =>
        [
            .. await run.Notify.QueryAsync(
                "SELECT l.dead_letter_id FROM dead_letters l JOIN deliveries d ON d.delivery_id = l.delivery_id JOIN notifications n ON n.notification_id = d.notification_id WHERE n.category = @category",
                reader => reader.GetGuid(0),
                Cancel,
                new NpgsqlParameter("category", run.Category)
            ),
        ];

    private static async Task<(int Replayed, int Skipped)> AuditAsync(FaultRun run, Guid[] letters) =>
        Assert.Single(
            await run.Notify.QueryAsync(
                "SELECT (count(*) FILTER (WHERE action = 'dead_letter.replayed'))::int, (count(*) FILTER (WHERE action = 'dead_letter.skipped'))::int FROM audit_log WHERE subject = ANY (@letters)",
                reader => (reader.GetInt32(0), reader.GetInt32(1)),
                Cancel,
                new NpgsqlParameter("letters", letters.Select(id => id.ToString()).ToArray())
            )
        );
}
