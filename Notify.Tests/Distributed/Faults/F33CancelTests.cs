namespace Notify.Tests.Distributed.Faults;

/// <summary>Each message is cancelled at some moment between its acceptance and its arrival.</summary>
[Collection(FaultTests.Name)]
public sealed class F33CancelTests(FaultApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan s_within = TimeSpan.FromMilliseconds(700);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F33")]
    public async Task Each_message_is_either_cancelled_or_sent()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F33", 200);
        var parcels = run.Emails();
        await run.Sandbox.MisbehaveAsync(new { provider = "smtp", latencyMs = 100 }, Cancel);
        foreach (var parcel in parcels.Where((_, index) => index % 2 == 0))   // these wait for a retry for a while
            await run.Sandbox.MisbehaveAsync(new { provider = "smtp", address = parcel.Address, status = 451, code = "4.3.0 Try again", times = 1 }, Cancel);
        var moments = parcels.ToDictionary(parcel => parcel.Address, _ => run.Moment(s_within));

        await run.Load.PostBatchesAsync(parcels, 100, Cancel);
        await Parallel.ForEachAsync(run.Load.Accepted, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Cancel }, async (entry, token) =>
        {
            await Task.Delay(moments[entry.Value.Address], token);
            using var answer = await FaultRun.Draw(run.Nodes, entry.Key).Http.DeleteAsync($"/v1/notifications/{entry.Key}", token);
            answer.EnsureSuccessStatusCode();
        });
        run.FaultEnded();
        var balance = await run.EndAsync(end => [("cancelled", end.Rows.Count(row => row.State == "cancelled")), ("sent", end.Rows.Count(row => row.State == "sent"))]);

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal(row.State == "cancelled" ? 0 : 1, balance.Arrived.GetValueOrDefault(row.Address!)));
        Assert.All(balance.Rows, row => Assert.Contains(row.State, new[] { "cancelled", "sent" }));
    }
}
