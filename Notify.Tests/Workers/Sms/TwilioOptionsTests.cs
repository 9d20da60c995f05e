using Microsoft.Extensions.Options;

namespace Notify.Tests.Workers.Sms;

public sealed class TwilioOptionsTests
{
    [Theory]
    [InlineData("AccountSid", "", "AccountSid")]
    [InlineData("AccountSid", "AC1/../AC2", "AccountSid")]
    [InlineData("AuthToken", "", "AuthToken")]
    [InlineData("From", "", "MessagingServiceSid")]
    [InlineData("Timeout", "00:00:00.9", "Timeout")]
    [InlineData("Timeout", "00:01:01", "Timeout")]
    [InlineData("Endpoint", "/twilio", "Endpoint")]
    [InlineData("Endpoint", "ftp://example.test", "Endpoint")]
    [InlineData("Endpoint", "https://example.test/?a=1", "Endpoint")]
    [InlineData("Endpoint", "https://user:secret@example.test/", "Endpoint")]
    [InlineData("StatusCallback", "hooks/twilio", "StatusCallback")]
    [InlineData("StatusCallback", "https://my_host.example.test/", "StatusCallback")]
    public async Task Wrong_setting_stops_the_start_and_is_named(string key, string value, string named)
    {
        using var host = new TwilioHost(endpoint: null, (key, value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TwilioHost.AuthToken, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Timeout", "00:00:01")]
    [InlineData("Timeout", "00:01:00")]
    [InlineData("Endpoint", "http://127.0.0.1:5080/twilio")]
    [InlineData("StatusCallback", "https://example.test/hooks?t=1")]
    [InlineData("MessagingServiceSid", "MG1")]
    public async Task Right_setting_starts(string key, string value)
    {
        using var host = new TwilioHost(endpoint: null, (key, value));

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("twilio", host.Provider.Name);
    }
}
