using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Workers.Sms;

namespace Notify.Tests.Core.Deliveries;

public sealed class DeliveryTimesTests
{
    [Fact]
    public void Default_times_fit_each_other() => Assert.Equal(TimeSpan.FromSeconds(15), OptionsOf([]).StopWait);

    [Theory]
    [InlineData("Kafka:StopDrain", "00:00:15", "Delivery:StopWait (00:00:15) has to be below Kafka:StopDrain (00:00:15)")]
    [InlineData("Delivery:StopWait", "00:00:25", "Delivery:StopWait (00:00:25) has to be below Kafka:StopDrain (00:00:20)")]
    [InlineData(
        "Delivery:RetryFloor",
        "00:30:00",
        "Delivery:RetryFloor (00:30:00) is above Delivery:RetryCeiling (00:10:00)",
        "Delivery:RetryCeiling",
        "00:10:00"
    )]
    public void Times_that_contradict_each_other_are_refused_by_name(
        string key,
        string value,
        string expected,
        string? otherKey = null,
        string? otherValue = null
    )
    {
        List<KeyValuePair<string, string?>> settings = [new(key, value)];
        if (otherKey is not null)
            settings.Add(new(otherKey, otherValue));

        var refused = Assert.Throws<OptionsValidationException>(() => OptionsOf(settings));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static DeliveryOptions OptionsOf(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:kafka", "127.0.0.1:1"),
            new("ConnectionStrings:redis", "127.0.0.1:1"),
            new("ConnectionStrings:notifydb", "Host=127.0.0.1;Port=1"),
            .. settings,
        ]);
        builder.AddChannelWorker(Channel.Sms, SmsMessage.Of);
        using var host = builder.Build();
        return host.Services.GetRequiredService<IOptions<DeliveryOptions>>().Value;
    }
}
