using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Limits;
using Notify.Sending.Providers;
using StackExchange.Redis;

namespace Notify.Tests.Sending.Limits;

public sealed class LimitsExtensionsTests
{
    [Theory]
    [InlineData("Limits:CriticalReserve", "0.95")]
    [InlineData("Limits:LeaseTime", "00:00:06")]
    [InlineData("Limits:LocalFraction", "0")]
    [InlineData("Push:DeviceLimit:PerMinute", "0")]
    [InlineData("Push:DeviceLimit:PerHour", "-1")]
    public async Task Setting_out_of_range_stops_the_start(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new(key, value)]);
        builder.AddLimits();
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(key.Split(':')[^1], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limiter_is_one_for_each_credential_and_a_limit_that_cannot_be_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddLimits();
        builder.Services.AddMetrics();
        using var redis = await ConnectionMultiplexer.ConnectAsync(Replica.NoRedis);
        builder.Services.AddSingleton<IConnectionMultiplexer>(redis);
        using var host = builder.Build();
        var limiters = host.Services.GetRequiredService<RateLimiters>();

        Assert.NotNull(host.Services.GetRequiredService<AddressLimiter>());
        Assert.Same(limiters.For("fcm", "one", new(10, 10)), limiters.For("fcm", "one", new(10, 10)));
        Assert.NotSame(limiters.For("fcm", "one", new(10, 10)), limiters.For("fcm", "two", new(10, 10)));
        Assert.Equal(limiters.For("fcm", "one", null).Key, limiters.For("fcm", "one", new(10, 10)).Key);
        Assert.DoesNotContain("two", limiters.For("fcm", "two", null).Key, StringComparison.Ordinal);
        foreach (
            var impossible in new RateLimit[] { new(0, 1), new(-1, 1), new(double.NaN, 1), new(double.PositiveInfinity, 1), new(1, 0) }
        )
            Assert.Throws<ArgumentOutOfRangeException>(() => limiters.For("fcm", "one", impossible));
    }
}
