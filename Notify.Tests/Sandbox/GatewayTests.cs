using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Notify.Tests.Sandbox;

public sealed class GatewayTests
{
    private const string Sms = """{"to":"+15005550006","text":"Grüße","id":"0192f0c1-7b3a-7000-8000-00000000abcd","from":"Shop"}""";

    [Fact]
    public async Task Accepted_text_is_answered_with_its_id_and_kept()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await SendAsync(sandbox, Sms);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var message = await sandbox.SingleAsync();
        Assert.Equal(
            (await SandboxFixture.JsonAsync(response)).GetProperty("id").GetString(),
            message.GetProperty("providerId").GetString()
        );
        Assert.Equal(("sms", "gateway", "+15005550006", "Shop"), (Text("channel"), Text("provider"), Text("to"), Text("from")));
        Assert.Equal(("Grüße", "0192f0c1-7b3a-7000-8000-00000000abcd"), (Text("preview"), Text("deliveryId")));
        Assert.Equal(
            ("Grüße", 1),
            (message.GetProperty("sms").GetProperty("text").GetString(), message.GetProperty("sms").GetProperty("segments").GetInt32())
        );

        string? Text(string name) => message.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("no json", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("""{"text":"a"}""", "missing_to")]
    [InlineData("""{"to":"12","text":"a"}""", "invalid_number")]
    [InlineData("""{"to":"+15005550006"}""", "missing_text")]
    public async Task Invalid_text_is_refused_with_its_code(string body, string code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await SendAsync(sandbox, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (await SandboxFixture.JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(0, await sandbox.AcceptedAsync("gateway"));
    }

    [Fact]
    public async Task It_misbehaves_as_asked()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync(
            """[{"provider":"gateway","address":"+15005550006","status":429,"retryAfter":7,"times":1},{"provider":"gateway","code":"no_credit","times":1}]"""
        );

        using var throttled = await SendAsync(sandbox, Sms);
        using var refused = await SendAsync(sandbox, Sms);
        using var accepted = await SendAsync(sandbox, Sms);

        Assert.Equal((HttpStatusCode.TooManyRequests, "7"), (throttled.StatusCode, throttled.Headers.RetryAfter!.ToString()));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "no_credit"),
            (refused.StatusCode, (await SandboxFixture.JsonAsync(refused)).GetProperty("error").GetProperty("code").GetString())
        );
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(SandboxFixture sandbox, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await sandbox.Http.PostAsync(new Uri("/sms-gateway", UriKind.Relative), content, TestContext.Current.CancellationToken);
    }
}
