using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Core.Messaging;

public sealed class LanePositionStoreTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private LanePositionStore Store => new(Database.Source);

    [Fact]
    public async Task Position_never_moves_back()
    {
        await Store.ReportAsync("t", [(0, At.AddSeconds(10))], Cancel);
        await Store.ReportAsync("t", [(0, At)], Cancel);
        Assert.Equal(At.AddSeconds(10), (await PassedAsync(1))["t"]);

        await Store.ReportAsync("t", [(0, At.AddSeconds(11))], Cancel);

        Assert.Equal(At.AddSeconds(11), (await PassedAsync(1))["t"]);
    }

    [Fact]
    public async Task Position_of_a_clock_that_is_fast_is_no_further_than_the_databases_own()
    {
        await Store.ReportAsync("t", [(0, TimeProvider.System.GetUtcNow().AddDays(1))], Cancel);
        await Store.ReportAsync("t", [(0, TimeProvider.System.GetUtcNow().AddDays(2))], Cancel);

        Assert.True(await Database.ScalarAsync<bool>("SELECT passed_at <= now() FROM lane_positions"));
    }

    [Fact]
    public async Task Topic_is_as_far_as_the_partition_that_is_behind()
    {
        await Store.ReportAsync("t", [(0, At.AddSeconds(10)), (1, At.AddSeconds(3)), (2, At.AddSeconds(7))], Cancel);

        Assert.Equal(At.AddSeconds(3), (await PassedAsync(3))["t"]);
    }

    [Fact]
    public async Task Nothing_is_known_of_a_topic_until_each_of_its_partitions_was_reported()
    {
        await Store.ReportAsync("t", [(0, At), (1, At)], Cancel);
        await Store.ReportAsync("other", [(0, At), (1, At), (2, At)], Cancel);
        Assert.Equal(["other"], (await PassedAsync(3)).Keys);

        await Store.ReportAsync("t", [(2, At)], Cancel);

        Assert.Equal(["other", "t"], (await PassedAsync(3)).Keys.Order());
    }

    [Fact]
    public async Task Members_of_a_group_report_their_own_partitions()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 12).Select(partition => Store.ReportAsync("t", [(partition, At.AddSeconds(partition))], Cancel))
        );

        Assert.Equal(At, (await PassedAsync(12))["t"]);
    }

    [Fact]
    public async Task Partitions_that_are_gone_do_not_hold_a_topic_back()
    {
        await Store.ReportAsync("t", [.. Enumerable.Range(0, 12).Select(partition => (partition, At))], Cancel);
        await Store.ReportAsync("t", [.. Enumerable.Range(0, 4).Select(partition => (partition, At.AddHours(1)))], Cancel);

        Assert.Equal(At.AddHours(1), (await PassedAsync(4))["t"]);
        Assert.Equal(At, (await PassedAsync(12))["t"]);
    }

    [Fact]
    public async Task Nothing_is_known_of_a_topic_whose_partitions_are_not()
    {
        await Store.ReportAsync("t", [(0, At)], Cancel);

        Assert.Empty(await PassedAsync(0)); // as a broker answers for a topic that has no leader yet
        Assert.Empty(await Store.PassedAsync(new Dictionary<string, int> { ["other"] = 1 }, Cancel));
    }

    private Task<Dictionary<string, DateTimeOffset>> PassedAsync(int partitions) =>
        Store.PassedAsync(new Dictionary<string, int> { ["t"] = partitions, ["other"] = partitions }, Cancel);
}
