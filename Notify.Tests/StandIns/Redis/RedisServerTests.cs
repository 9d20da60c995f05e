using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Tests.StandIns.Servers;
using StackExchange.Redis;

namespace Notify.Tests.StandIns.Redis;

public sealed class RedisServerTests : IAsyncLifetime
{
    private readonly ServerFolders _folders = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;
    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task Installed_tool_serves_values_and_scripts_and_restarts()
    {
        var cancel = TestContext.Current.CancellationToken;
        var builder = DistributedApplication.CreateBuilder();
        builder.Services.AddLogging(logging => logging.ClearProviders());   // a check that fails is expected here
        var redis = builder.AddRedis("redis");
        await using var services = builder.Services.BuildServiceProvider();
        var prepare = redis.Resource.Annotations.OfType<LocalServerAnnotation>().Single().Prepare;

        var first = await _folders.StartAsync(prepare);
        Assert.False(await services.IsHealthyAsync("redis_check", cancel));
        redis.Resource.Allocate(first.Port);
        await first.ReadyAsync(_ => services.IsHealthyAsync("redis_check", cancel));
        var address = await ((IResourceWithConnectionString)redis.Resource).GetConnectionStringAsync(cancel);
        Assert.Equal($"localhost:{first.Port}", address);
        using (var connection = await ConnectionMultiplexer.ConnectAsync(address))
        {
            var database = connection.GetDatabase();
            await database.PingAsync();
            Assert.True(await database.StringSetAsync("key", "value", TimeSpan.FromMinutes(1), When.NotExists));
            Assert.Equal("value", (string?)await database.StringGetAsync("key"));
            Assert.Equal(3, (int)await database.ScriptEvaluateAsync("return redis.call('INCRBY', KEYS[1], ARGV[1])", ["counter"], [3]));
        }
        await ScriptsDoNotInterleaveAsync(address!);
        await first.KillAsync();
        Assert.False(await services.IsHealthyAsync("redis_check", cancel));

        var second = await _folders.StartAsync(prepare);
        redis.Resource.Allocate(second.Port);
        await second.ReadyAsync(_ => services.IsHealthyAsync("redis_check", cancel));
        await second.StopAsync();
        Assert.Single(_folders.Log, line => line.StartsWith("Installing", StringComparison.Ordinal));
    }

    private static async Task ScriptsDoNotInterleaveAsync(string address)
    {
        const int clients = 4, each = 2_000;
        const string add = "local seen = redis.call('GET', KEYS[1]) redis.call('SET', KEYS[1], (seen or 0) + 1) return 1";
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => ConnectionMultiplexer.ConnectAsync(address)));
        await connections[0].GetDatabase().ScriptEvaluateAsync(add, ["sum"]);
        await Task.WhenAll(connections.SelectMany(connection => Enumerable.Range(0, each).Select(_ => connection.GetDatabase().ScriptEvaluateAsync(add, ["sum"]))));
        Assert.Equal((clients * each) + 1, (int)await connections[0].GetDatabase().StringGetAsync("sum"));
        foreach (var connection in connections)
            connection.Dispose();
    }
}
