using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Email;
using Notify.Workers.Email.SendGrid;
using Notify.Workers.Email.Smtp;

namespace Notify.Tests.Workers.Email;

public sealed class EmailRegistrationTests
{
    private static readonly Dictionary<string, string?> Both = new()
    {
        ["Email:From"] = "alerts@example.test",
        ["Email:Smtp:Host"] = "mail.example.test",
        ["Email:SendGrid:ApiKey"] = "SG.id.very-secret",
    };

    [Theory]
    [InlineData(null, "smtp,sendgrid")]
    [InlineData("Email:Smtp:Host", "sendgrid")]
    [InlineData("Email:SendGrid:ApiKey", "smtp")]
    public async Task Configured_providers_are_there_in_their_order(string? without, string names)
    {
        using var host = Build(Both.Where(setting => setting.Key != without));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(names, string.Join(',', host.Services.GetServices<IProvider<EmailMessage>>().Select(provider => provider.Name)));
    }

    [Fact]
    public async Task Without_any_provider_the_start_fails_and_says_what_to_set()
    {
        using var host = Build(Both.Take(1));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal("Set one.", refused.Message);
    }

    [Fact]
    public async Task Without_rates_there_is_no_limit()
    {
        using var host = Build(Both);
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.All(host.Services.GetServices<IProvider<EmailMessage>>(), provider => Assert.Null(provider.Limit));
    }

    [Fact]
    public async Task Rates_become_limits()
    {
        using var host = Build(
            Both.Concat([
                new("Email:Smtp:MessagesPerSecond", "0.5"),
                new("Email:SendGrid:MessagesPerSecond", "300"),
                new("Email:SendGrid:Burst", "20"),
            ])
        );
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [new RateLimit(0.5, 1), new RateLimit(300, 20)],
            host.Services.GetServices<IProvider<EmailMessage>>().Select(provider => provider.Limit!)
        );
    }

    [Theory]
    [InlineData("Email:From", null, "From")]
    [InlineData("Email:SendGrid:ApiKey", "very secret", "Email:SendGrid:ApiKey")]
    [InlineData("Email:SendGrid:ApiKey", "very-secret\n", "Email:SendGrid:ApiKey")]
    [InlineData("Email:SendGrid:Endpoint", "/v3", "Email:SendGrid:Endpoint")]
    [InlineData("Email:SendGrid:Endpoint", "ftp://example.test", "Email:SendGrid:Endpoint")]
    [InlineData("Email:SendGrid:Endpoint", "https://user:very-secret@example.test", "Email:SendGrid:Endpoint")]
    [InlineData("Email:SendGrid:Endpoint", "https://example.test/?key=very-secret", "Email:SendGrid:Endpoint")]
    [InlineData("Email:SendGrid:Timeout", "00:02:00", "Timeout")]
    [InlineData("Email:SendGrid:MessagesPerSecond", "0", "MessagesPerSecond")]
    [InlineData("Email:SendGrid:MessagesPerSecond", "NaN", "MessagesPerSecond")]
    [InlineData("Email:SendGrid:Burst", "0", "Burst")]
    [InlineData("Email:Smtp:MessagesPerSecond", "-1", "MessagesPerSecond")]
    [InlineData("Email:Smtp:Burst", "0", "Burst")]
    public async Task Wrong_setting_stops_the_start_and_is_named(string key, string? value, string named)
    {
        using var host = Build(Both.Append(new(key, value)));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very", refused.ToString(), StringComparison.Ordinal);
    }

    private static IHost Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddSmtp();
        builder.AddSendGrid();
        builder.RequireProvider<EmailMessage>("Set one.");
        return builder.Build();
    }
}
