using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Sending.Providers;
using Notify.Tests.Support;

namespace Notify.Tests.Sending.Lanes;

/// <summary>A lane whose messages go to different providers, each at its own rate.</summary>
public sealed class LanePassingTests(PostgresServer server) : DatabaseTests(server)
{
    private readonly StubProvider _quick = new("quick") { Carries = target => target.Address == "quick" };

    [Fact]
    public async Task Message_of_another_provider_passes_those_that_wait_for_a_permit()
    {
        await using var lane = await RunAsync(Slow(perSecond: 0.0001));
        var waiting = await RecordsAsync("slow", 3);
        var passing = await RecordsAsync("quick", 3);
        await lane.HandAsync(waiting);

        await lane.HandAsync(passing);

        await FinishedAsync(passing);
        Assert.Contains(waiting, record => !record.IsFinished);
    }

    [Fact]
    public async Task Each_that_waits_goes_when_its_own_providers_permit_comes()
    {
        // Every one is looked at alone, and the last look is at one whose permit is hours away.
        await using var lane = await RunAsync(
            Slow(perSecond: 10),
            new StubProvider("never") { Carries = target => target.Address == "never", Limit = new(0.0001, 1) }
        );
        var (slow, never) = (await RecordsAsync("slow", 5), await RecordsAsync("never", 3));

        await lane.HandAsync([.. slow, .. never]);

        await FinishedAsync(slow);
        Assert.Contains(never, record => !record.IsFinished);
    }

    private static StubProvider Slow(double perSecond) =>
        new("slow") { Carries = target => target.Address == "slow", Limit = new(perSecond, 1) };

    private async Task<RunningLane> RunAsync(params StubProvider[] others)
    {
        var lane = await RunningLane.CreateAsync(Database.Source, [.. others, _quick], new() { StandardConcurrency = 1 });
        lane.Run();
        return lane;
    }

    /// <summary>Of as many tenants, so that none waits behind its person's other message.</summary>
    private async Task<ConsumedRecord[]> RecordsAsync(string to, int count)
    {
        var records = new ConsumedRecord[count];
        for (var i = 0; i < count; i++)
            records[i] = Jobs.Record(await Database.AddDeliveryAsync("queued", tenant: $"{to}{i}"), to, offset: i);
        return records;
    }

    private static Task FinishedAsync(ConsumedRecord[] records) =>
        Until.TrueAsync(() => records.All(record => record.IsFinished), "They were sent.", Cancel);
}
