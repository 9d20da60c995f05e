using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Sending.Providers;
using Notify.Tests.Support;

namespace Notify.Tests.Sending.Lanes;

/// <summary>How many calls a lane begins.</summary>
public sealed class LaneRoomTests(PostgresServer server) : LaneTests(server)
{
    private readonly SemaphoreSlim _go = new(0);
    private int _running;
    private volatile bool _refused; // the bounded provider's credentials: nothing breaks it sooner

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

    [Fact]
    public async Task Bound_is_of_the_provider_that_gets_the_calls_and_not_of_the_one_behind_it()
    {
        var first = Working(connections: 2);
        await using var lane = await RunningLane.CreateAsync(
            Database.Source,
            [first, Working(connections: null)],
            new() { StandardConcurrency = 20 }
        );
        var records = await RecordsAsync(40);
        lane.Run();

        await lane.HandAsync(records);
        await Until.TrueAsync(() => Volatile.Read(ref _running) == 4, "Twice what the first works on.", Cancel);
        Assert.Equal(4, first.Calls.Count);
        _refused = true;
        _go.Release(4);

        await Until.TrueAsync(() => Volatile.Read(ref _running) == 20, "The other takes over, with all that the lane may begin.", Cancel);
        _go.Release(records.Length);
        await Until.TrueAsync(() => Volatile.Read(ref _running) == 0 && records.All(record => record.IsFinished), "All ended.", Cancel);
    }

    private StubProvider Working(int? connections) =>
        new(connections is null ? "unbounded" : "bounded")
        {
            Concurrency = connections,
            Answer = async (_, _) =>
            {
                Interlocked.Increment(ref _running);
                await _go.WaitAsync(Cancel);
                Interlocked.Decrement(ref _running);
                return _refused && connections is not null ? new Outcome(OutcomeKind.Misconfigured) : Outcome.Sent("id");
            },
        };
}
