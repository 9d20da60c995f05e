using System.Diagnostics;
using System.Net;

namespace Notify.Tests.Distributed.Faults;

/// <summary>Each message is cancelled at some moment between its acceptance and its arrival.</summary>
[Collection(FaultTests.Name)]
public sealed class F33CancelTests(FaultApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F33")]
    public async Task Each_message_is_either_cancelled_or_sent()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F33", 200);
        var parcels = run.Emails();
        await run.Sandbox.MisbehaveAsync(new { provider = "smtp", latencyMs = 400 }, Cancel);
        foreach (var parcel in parcels.Where((_, index) => index % 2 == 0)) // these wait for a retry for a while
            await run.Sandbox.MisbehaveAsync(
                new
                {
                    provider = "smtp",
                    address = parcel.Address,
                    status = 451,
                    code = "4.3.0 Try again",
                    times = 1,
                },
                Cancel
            );
        var moments = parcels.ToDictionary(parcel => parcel.Address, _ => run.Moment(s_within));

        // A process's first cancellation takes as long as a hundred others, and all would come too late.
        await run.Load.PostBatchesAsync(run.Emails(run.Nodes.Count), 100, Cancel);
        foreach (var (node, id) in run.Nodes.Zip(run.Load.Accepted.Keys))
            await CancelAsync(node, id);

        await run.Load.PostBatchesAsync(parcels, 100, Cancel);
        var started = Stopwatch.GetTimestamp();
        var inTurn = run
            .Load.Accepted.Where(entry => moments.ContainsKey(entry.Value.Address))
            .OrderBy(entry => moments[entry.Value.Address]);
        await Parallel.ForEachAsync(
            inTurn,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel },
            async (entry, token) =>
            {
                var left = moments[entry.Value.Address] - Stopwatch.GetElapsedTime(started);
                if (left > TimeSpan.Zero)
                    await Task.Delay(left, token);
                await CancelAsync(FaultRun.Draw(run.Nodes, entry.Key), entry.Key);
            }
        );
        run.FaultEnded();
        var balance = await run.EndAsync(end =>
            [
                ("cancelled", end.Rows.Count(row => row.State == "cancelled")),
                ("sent", end.Rows.Count(row => row.State == "sent")),
                ("retried", end.Rows.Count(row => row.Calls > 1)),
            ]
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal(row.State == "cancelled" ? 0 : 1, balance.Arrived.GetValueOrDefault(row.Address!)));
        Assert.All(balance.Rows, row => Assert.Contains(row.State, new[] { "cancelled", "sent" }));
    }

    private static async Task CancelAsync(ApiClient node, Guid id)
    {
        using var answer = await node.Http.DeleteAsync($"/v1/notifications/{id}", Cancel);
        // the last: a provider has it, and nothing is cancelled
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.Conflict });
    }
}
