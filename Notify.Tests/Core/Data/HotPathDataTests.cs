using Notify.Core.Data;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Core.Data;

public sealed class HotPathDataTests(PostgresServer server) : DatabaseTests(server)
{
    [Theory]
    [InlineData("enable_seqscan", "off")]
    [InlineData("enable_hashjoin", "off")]
    [InlineData("enable_mergejoin", "off")]
    [InlineData("plan_cache_mode", "force_generic_plan")]
    [InlineData("jit", "off")]
    [InlineData("application_name", "Notify.Tests")]
    public async Task Statement_is_planned_from_its_rows_by_index(string setting, string value)
    {
        await using var source = HotPathData.Create(Database.ConnectionString, "Notify.Tests");
        await using var command = source.CreateCommand($"SHOW {setting}");
        Assert.Equal(value, await command.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task A_plan_that_is_discouraged_is_not_compiled_at_each_execution()
    {
        var plan = await Database.ListAsync("EXPLAIN (ANALYZE) SELECT tenant_id, weight FROM tenants WHERE weight <> 1");
        Assert.Contains(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal)); // there is no other way
        Assert.DoesNotContain(plan, line => line.Contains("JIT", StringComparison.Ordinal));
    }
}
