using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.AppHost.Local.Redis;
using StackExchange.Redis;

namespace Notify.Tests.Distributed.AppHost.Local.Redis;

public sealed class RedisServerTests : IAsyncLifetime
{
    private readonly ServerFolders _folders = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task Embedded_server_serves_values_and_scripts_and_restarts()
    {
        var first = await StartAsync();
        var address = $"127.0.0.1:{first.Port}";
        using (var connection = await ConnectionMultiplexer.ConnectAsync(address))
        {
            var database = connection.GetDatabase();
            await database.PingAsync();
            Assert.True(await database.StringSetAsync("key", "value", TimeSpan.FromMinutes(1), When.NotExists));
            Assert.Equal("value", (string?)await database.StringGetAsync("key"));
            Assert.Equal(3, (int)await database.ScriptEvaluateAsync("return redis.call('INCRBY', KEYS[1], ARGV[1])", ["counter"], [3]));
        }
        await ScriptsDoNotInterleaveAsync(address);
        await first.KillAsync();
        Assert.False(await IsHealthyAsync(first));

        var second = await StartAsync();
        await second.StopAsync();
    }

    private async Task<RunningServer> StartAsync()
    {
        var server = await _folders.StartAsync((context, _) => Task.FromResult(LocalRedis.Program(context.Port)));
        return await server.ReadyAsync(_ => IsHealthyAsync(server));
    }

    private static async Task<bool> IsHealthyAsync(RunningServer server) =>
        (await new RedisPing(server.Port).CheckHealthAsync(new(), TestContext.Current.CancellationToken)).Status == HealthStatus.Healthy;

    private static async Task ScriptsDoNotInterleaveAsync(string address)
    {
        const int clients = 4,
            each = 2_000;
        const string add = "local seen = redis.call('GET', KEYS[1]) redis.call('SET', KEYS[1], (seen or 0) + 1) return 1";
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => ConnectionMultiplexer.ConnectAsync(address)));
        await connections[0].GetDatabase().ScriptEvaluateAsync(add, ["sum"]);
        await Task.WhenAll(
            connections.SelectMany(connection =>
                Enumerable.Range(0, each).Select(_ => connection.GetDatabase().ScriptEvaluateAsync(add, ["sum"]))
            )
        );
        Assert.Equal((clients * each) + 1, (int)await connections[0].GetDatabase().StringGetAsync("sum"));
        foreach (var connection in connections)
            connection.Dispose();
    }
}
