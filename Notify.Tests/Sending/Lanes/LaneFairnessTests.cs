using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Sending.Providers;
using Notify.Tests.Support;

namespace Notify.Tests.Sending.Lanes;

/// <summary>A lane whose provider takes a few messages a second, and tenants of which one has posted many.</summary>
public sealed class LaneFairnessTests(PostgresServer server) : DatabaseTests(server)
{
    private readonly StubProvider _slow = new() { Limit = new(60, 4) }; // without Redis a quarter of it, a permit at a time

    [Fact]
    public async Task Tenants_that_post_after_one_with_many_waiting_are_not_kept_behind_it()
    {
        await using var lane = await RunningLane.CreateAsync(Database.Source, [_slow]);
        lane.Run();
        await lane.HandAsync(await RecordsAsync("many", 300));
        await Until.TrueAsync(() => _slow.Calls.Count >= 5, "The first are sent.", Cancel);
        List<ConsumedRecord> few = [];
        foreach (var tenant in (string[])["x", "y", "z"])
            few.AddRange(await RecordsAsync(tenant, 5));

        await lane.HandAsync([.. few]);
        var before = _slow.Calls.Count;
        await Until.TrueAsync(() => few.All(record => record.IsFinished), "Theirs are sent.", Cancel);

        string[] calls = [.. _slow.Calls.Select(message => message.To.Split(' ')[0])];
        Assert.InRange(calls[before..Array.FindLastIndex(calls, tenant => tenant != "many")].Count(tenant => tenant == "many"), 3, 7);
        Assert.Equal(15, calls.Count(tenant => tenant != "many"));
    }

    private async Task<ConsumedRecord[]> RecordsAsync(string tenant, int count)
    {
        var records = new ConsumedRecord[count];
        for (var i = 0; i < count; i++)
            records[i] = Jobs.Record(await Database.AddDeliveryAsync("queued", tenant: tenant), $"{tenant} {i}", offset: i);
        return records;
    }
}
