using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Sms;
using Notify.Workers.Sms.Gateway;
using Notify.Workers.Sms.Twilio;

namespace Notify.Tests.Workers.Sms;

public sealed class SmsRegistrationTests
{
    private static readonly Dictionary<string, string?> Twilio = new()
    {
        ["Sms:Twilio:AccountSid"] = "AC1",
        ["Sms:Twilio:AuthToken"] = "very-secret",
        ["Sms:Twilio:From"] = "+15005550006",
    };

    private static readonly Dictionary<string, string?> Gateway = new() { ["Sms:Gateway:Url"] = "https://sms.example.test/send" };

    [Fact]
    public async Task Configured_providers_are_there_in_their_order()
    {
        using var host = Build(Gateway.Concat(Twilio));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["twilio", "gateway"], host.Services.GetServices<IProvider<SmsMessage>>().Select(provider => provider.Name));
    }

    [Fact]
    public async Task Gateway_alone_will_do()
    {
        using var host = Build(Gateway);
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("gateway", Assert.Single(host.Services.GetServices<IProvider<SmsMessage>>()).Name);
    }

    [Fact]
    public async Task Without_any_provider_the_start_fails_and_says_what_to_set()
    {
        using var host = Build([new("Sms:Twilio:From", "+15005550006")]);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal("Set one.", refused.Message);
    }

    [Theory]
    [InlineData(null, null, 1, 1)]
    [InlineData("100", null, 100, 100)]
    [InlineData("0.2", "30", 0.2, 30)]
    public async Task Twilio_sends_what_its_number_may(string? perSecond, string? burst, double rate, int atOnce)
    {
        using var host = Build(
            Twilio
                .Concat([new("Sms:Twilio:MessagesPerSecond", perSecond), new("Sms:Twilio:Burst", burst)])
                .Where(setting => setting.Value is not null)
        );
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new RateLimit(rate, atOnce), Assert.Single(host.Services.GetServices<IProvider<SmsMessage>>()).Limit);
    }

    private static IHost Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddTwilio();
        builder.AddGateway();
        builder.RequireProvider<SmsMessage>("Set one.");
        return builder.Build();
    }
}
