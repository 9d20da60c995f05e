using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Sending.Providers;
using Notify.Tests.Support;

namespace Notify.Tests.Sending.Lanes;

/// <summary>A lane whose calls all hang at one provider, with another one beside it.</summary>
public sealed class LaneSilentProviderTests(PostgresServer server) : LaneTests(server)
{
    private readonly StubProvider _other = new("other");

    [Fact]
    public async Task Calls_that_hang_take_no_room_from_those_of_the_other_provider()
    {
        await using var lane = await RunningLane.CreateAsync(Database.Source, [Provider, _other], new() { StandardConcurrency = 4 });
        lane.Run();
        var records = await RecordsAsync(1 + UsualLatency.Enough + 24);
        await lane.HandAsync(records[..1]);
        await FinishedAsync(records[..1]);
        var began = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(() => TimeProvider.System.GetElapsedTime(began) > UsualLatency.ColdFor, "It is no longer cold.", Cancel);
        await lane.HandAsync(records[1..^24]);
        await FinishedAsync(records[1..^24]); // what it usually takes is known
        Provider.Answer = (_, _) => AnswerLater.Task;

        await lane.HandAsync(records[^24..]);

        await Until.TrueAsync(() => _other.Calls.Count >= 19, "The other provider has taken what does not hang.", Cancel);
        Assert.Empty(_other.Calls.Select(call => call.To).Intersect(Provider.Calls.Select(call => call.To))); // nothing goes to both
        AnswerLater.SetResult(Outcome.Sent("late"));
        await FinishedAsync(records);
        Assert.Equal([$"sent {records.Length}"], await StatesAsync());
    }
}
