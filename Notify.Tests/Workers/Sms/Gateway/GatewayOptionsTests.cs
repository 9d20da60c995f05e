using Microsoft.Extensions.Options;

namespace Notify.Tests.Workers.Sms.Gateway;

public sealed class GatewayOptionsTests
{
    [Theory]
    [InlineData("Url", "/send", "Url")]
    [InlineData("Url", "ftp://example.test", "Url")]
    [InlineData("Url", "https://user:very-secret@example.test", "Url")]
    [InlineData("Method", "GET", "Method")]
    [InlineData("ContentType", "text/plain", "ContentType")]
    [InlineData("ContentType", "application/json; charset=latin1", "ContentType")]
    [InlineData("ContentType", "no type", "ContentType")]
    [InlineData("BodyTemplate", """{"to":"{to}","text":"{text}","x":"{phone}"}""", "{phone}")]
    [InlineData("BodyTemplate", """{"to":"{to}"}""", "{text}")]
    [InlineData("BodyTemplate", """{"to":"{to}","text":"{text}","from":"{from}"}""", "Sms:Gateway:From")]
    [InlineData("BodyTemplate", """{"to":"{to}","text":{text}}""", "well-formed")]
    [InlineData("BodyTemplate", "", "{text}")]
    [InlineData("Headers:Content-Type", "text/plain", "Headers:Content-Type")]
    [InlineData("Headers:Host", "example.test", "Headers:Host")]
    [InlineData("Headers:X-Key", "very-secret\r\nX-Other: 1", "Headers:X-Key")]
    [InlineData("Headers:X Key", "very-secret", "Headers:X Key")]
    [InlineData("MessageIdPath", "a..b", "MessageIdPath")]
    [InlineData("MessageIdPath", "header:a b", "MessageIdPath")]
    [InlineData("ErrorPath", "header:X-Error", "ErrorPath")]
    [InlineData("SuccessStatus", "ok", "SuccessStatus")]
    [InlineData("SuccessStatus", "299-200", "SuccessStatus")]
    [InlineData("SuccessStatus", "", "SuccessStatus")]
    [InlineData("Rules:0:Outcome", "permanent", "Rules:0")]
    [InlineData("Rules:0:Status", "400", "Outcome")]
    [InlineData("Timeout", "00:02:00", "Timeout")]
    [InlineData("MessagesPerSecond", "0", "MessagesPerSecond")]
    [InlineData("Burst", "0", "Burst")]
    public async Task Wrong_setting_stops_the_start_and_is_named(string key, string value, string named)
    {
        using var host = GatewayDoor.Build(("Url", "https://sms.example.test/send"), (key, value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("Permanent")]
    [InlineData("5")]
    public async Task Outcome_that_is_none_is_refused_with_those_there_are(string outcome)
    {
        using var host = GatewayDoor.Build(
            ("Url", "https://sms.example.test/send"),
            ("Rules:0:Status", "500x"),
            ("Rules:0:Outcome", outcome)
        );

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(
            "sent, permanent, dead_address, opted_out, throttled, transient, misconfigured, ambiguous",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("ContentType", "application/vnd.example+json")]
    [InlineData("BodyTemplate", """{"messages":[{"to":"{to}","content":{"text":"{text}"}}]}""")]
    [InlineData("Headers:Authorization", "App very-secret")]
    [InlineData("SuccessStatus", "200,202")]
    public async Task Right_setting_starts(string key, string value)
    {
        using var host = GatewayDoor.Build(("Url", "https://sms.example.test/send"), (key, value));

        await host.StartAsync(TestContext.Current.CancellationToken);
    }
}
