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
        await first.KillAsync();
        Assert.False(await services.IsHealthyAsync("redis_check", cancel));

        var second = await _folders.StartAsync(prepare);
        redis.Resource.Allocate(second.Port);
        await second.ReadyAsync(_ => services.IsHealthyAsync("redis_check", cancel));
        await second.StopAsync();
        Assert.Single(_folders.Log, line => line.StartsWith("Installing", StringComparison.Ordinal));
    }
}
