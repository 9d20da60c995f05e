using Notify.Tests.Core.Hosting;
using YamlDotNet.RepresentationModel;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>The statements by which KEDA counts waiting rows, on the real schema.</summary>
public sealed class WaitingRowsTests(PostgresServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task Scaler_counts_rows_that_could_be_sent_now()
    {
        var queries = await QueriesAsync();
        await Database.AddDeliveryAsync("waiting", "now() - interval '1 s'");
        await Database.AddDeliveryAsync("waiting", "now() + interval '1 h'");
        await Database.AddDeliveryAsync("sending", "now() - interval '1 s'");
        await Database.AddDeliveryAsync("waiting");
        await Database.ExecuteAsync("UPDATE deliveries SET reason = 'share' WHERE state = 'waiting' AND due_at IS NULL");

        // AddDeliveryAsync makes text messages.
        Assert.Equal(2, await Database.ScalarAsync<long>(queries["sms"]));
        Assert.Equal(1, await Database.ScalarAsync<long>(queries["router"]));
        Assert.Equal(0, await Database.ScalarAsync<long>(queries["push"]));
        Assert.Equal(0, await Database.ScalarAsync<long>(queries["email"]));
    }

    [Fact]
    public async Task Scaler_reads_indexes_only()
    {
        await Database.AddDeliveryAsync("waiting", "now() - interval '1 s'");

        foreach (var query in (await QueriesAsync()).Values)
        {
            // A table of one row is cheapest read whole; the plan that matters is that of a large one.
            var plan = await Database.ListAsync($"SET enable_seqscan = off; EXPLAIN {query}");
            Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
        }
    }

    private static async Task<Dictionary<string, string>> QueriesAsync()
    {
        var scaled = (await Helm.RenderAsync("-f", DeployFiles.FullValues)).Where(item => item.Kind == "ScaledObject");
        return scaled.ToDictionary(item => item.Component, item => QueryOf(item.Yaml.Find("spec")!));
    }

    private static string QueryOf(YamlMappingNode spec) =>
        spec.Items("triggers").Single(trigger => trigger.Text("type") == "postgresql").Find("metadata")!.Text("query")!;
}
