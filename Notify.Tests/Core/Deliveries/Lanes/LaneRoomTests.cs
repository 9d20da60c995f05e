using Notify.Core.Channels;
using Notify.Tests.Core.Deliveries.Routes;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Distributed;

namespace Notify.Tests.Core.Deliveries.Lanes;

/// <summary>How many calls a lane begins.</summary>
public sealed class LaneRoomTests(PostgresServer server) : LaneTests(server)
{
    private readonly SemaphoreSlim _go = new(0);
    private int _running;

    [Theory]
    [InlineData(3, 6)]
    [InlineData(1, 2)]
    [InlineData(500, 20)]
    [InlineData(null, 20)]
    public async Task Lane_begins_twice_what_its_providers_work_on_at_a_time_and_never_more_than_its_own(int? connections, int begun)
    {
        await using var lane = await RunningLane.CreateAsync(Database.Source, [Working(connections)], new() { StandardConcurrency = 20 });
        var records = await RecordsAsync(40);
        lane.Run();

        await lane.HandAsync(records);
        for (var sent = 0; sent + begun <= records.Length; sent++)
        {
            await Until.TrueAsync(() => Volatile.Read(ref _running) == begun, $"{begun} calls run.", Cancel);
            _go.Release();
            await Until.TrueAsync(() => records.Count(record => record.IsFinished) == sent + 1, "One ends.", Cancel);
        }
        _go.Release(records.Length);

        await FinishedAsync(records);
    }

    private StubProvider Working(int? connections) => new()
    {
        Concurrency = connections,
        Answer = async (_, _) =>
        {
            Interlocked.Increment(ref _running);
            await _go.WaitAsync(Cancel);
            Interlocked.Decrement(ref _running);
            return Outcome.Sent("id");
        },
    };
}
