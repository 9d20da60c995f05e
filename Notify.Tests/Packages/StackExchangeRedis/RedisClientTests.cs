using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Notify.Tests.Packages.StackExchangeRedis;

public sealed class RedisClientTests
{
    private const string Unreachable = "127.0.0.1:1,connectTimeout=200,connectRetry=1";
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);

    [Fact]
    public void Connection_without_a_server_is_given_and_goes_on_trying()
    {
        Set("ConnectionStrings:redis", Unreachable);
        _builder.AddRedisClient("redis");
        _builder.AddKeyedRedisClient("redis");
        using var host = _builder.Build();

        var connection = host.Services.GetRequiredService<IConnectionMultiplexer>();
        Assert.False(connection.IsConnected);
        Assert.Same(connection, host.Services.GetRequiredService<IConnectionMultiplexer>());
        Assert.NotSame(connection, host.Services.GetRequiredKeyedService<IConnectionMultiplexer>("redis"));
    }

    [Fact]
    public void Connection_string_that_asks_to_abort_is_obeyed()
    {
        Set("ConnectionStrings:redis", Unreachable + ",abortConnect=true");
        _builder.AddRedisClient("redis");
        using var host = _builder.Build();

        Assert.Throws<RedisConnectionException>(host.Services.GetRequiredService<IConnectionMultiplexer>);
    }

    [Fact]
    public void Later_sources_of_settings_win()
    {
        Set("Aspire:StackExchange:Redis:ConnectionString", "general:1");
        Set("Aspire:StackExchange:Redis:ConfigurationOptions:ClientName", "general");
        Set("Aspire:StackExchange:Redis:ConfigurationOptions:ConnectTimeout", "200");
        Set("Aspire:StackExchange:Redis:redis:ConfigurationOptions:ClientName", "named");
        Set("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=9000,connectRetry=1,password=secret");
        ConfigurationOptions? seen = null;
        _builder.AddRedisClient("redis", settings => Assert.StartsWith("127.0.0.1:1", settings.ConnectionString, StringComparison.Ordinal), options => seen = options);
        using var host = _builder.Build();

        Assert.NotNull(host.Services.GetRequiredService<IConnectionMultiplexer>());
        Assert.Equal(("named", 200, "secret", false), (seen!.ClientName, seen.ConnectTimeout, seen.Password, seen.AbortOnConnectFail));
    }

    [Fact]
    public void Missing_address_names_the_setting()
    {
        _builder.AddRedisClient("redis");
        using var host = _builder.Build();

        var missing = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IConnectionMultiplexer>);
        Assert.Contains("ConnectionStrings:redis", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_checks_have_the_packages_names_and_fail_without_a_server()
    {
        Set("ConnectionStrings:redis", Unreachable);
        _builder.AddRedisClient("redis");
        _builder.AddKeyedRedisClient("redis");
        _builder.AddKeyedRedisClient("quiet", settings => settings.DisableHealthChecks = true);
        using var host = _builder.Build();

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["StackExchange.Redis", "StackExchange.Redis_redis"], report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Unhealthy, entry.Status));
    }

    private void Set(string key, string value) =>
        _builder.Configuration.AddInMemoryCollection([new(key, value)]);
}
