using System.Net;

namespace Notify.Tests.Sandbox;

public sealed class FcmTests
{
    private const string Valid =
        """{"message":{"token":"device-1","notification":{"title":"Hi","body":"There"},"data":{"notify-delivery-id":"0192f0c1-7b3a-7000-8000-00000000abcd","k":"v"},"android":{"ttl":"3600s","priority":"HIGH"}}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Accepted_push_is_answered_and_kept(bool http2)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendFcmAsync(Valid, http2: http2);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var name = (await SandboxFixture.JsonAsync(response)).GetProperty("name").GetString();
        Assert.StartsWith("projects/demo/messages/", name, StringComparison.Ordinal);
        var message = await sandbox.SingleAsync();
        Assert.Equal(
            ("push", "fcm", "device-1", name),
            (
                message.GetProperty("channel").GetString(),
                message.GetProperty("provider").GetString(),
                message.GetProperty("to").GetString(),
                message.GetProperty("providerId").GetString()
            )
        );
        Assert.Equal("0192f0c1-7b3a-7000-8000-00000000abcd", message.GetProperty("deliveryId").GetString());
        Assert.Equal("Hi", message.GetProperty("push").GetProperty("title").GetString());
        Assert.Equal("v", message.GetProperty("push").GetProperty("data").GetProperty("k").GetString());
        Assert.Equal(Valid, message.GetProperty("raw").GetString());
        Assert.DoesNotContain("ya29", message.GetProperty("headers").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_bearer_is_unauthenticated()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendFcmAsync(Valid, bearer: "made-up");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("UNAUTHENTICATED", (await SandboxFixture.JsonAsync(response)).GetProperty("error").GetProperty("status").GetString());
        Assert.Equal(0, await sandbox.AcceptedAsync("fcm"));
    }

    [Theory]
    [InlineData("""{"message":{"notification":{"title":"a"}}}""")]
    [InlineData("""{"message":{"token":"a","topic":"b"}}""")]
    [InlineData("""{"message":{"token":""}}""")]
    [InlineData("""{"message":{"token":"a","data":{"k":1}}}""")]
    [InlineData("""{"message":{"token":"a","data":{"from":"x"}}}""")]
    [InlineData("""{"message":{"token":"a","data":{"google.x":"x"}}}""")]
    [InlineData("""{"message":{"token":"a","android":{"ttl":"3600"}}}""")]
    [InlineData("""{"message":{"token":"a","android":{"ttl":"2419201s"}}}""")]
    [InlineData("""{"message":{"token":"a","android":{"priority":"URGENT"}}}""")]
    [InlineData("""{"message":{"token":"a","surprise":1}}""")]
    [InlineData("""{"message":{"token":"a"}""")]
    [InlineData("""{"message":[]}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Invalid_request_is_an_invalid_argument(string body)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendFcmAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await SandboxFixture.JsonAsync(response)).GetProperty("error");
        Assert.Equal((400, "INVALID_ARGUMENT"), (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
        Assert.Equal(
            "type.googleapis.com/google.firebase.fcm.v1.FcmError",
            error.GetProperty("details")[0].GetProperty("@type").GetString()
        );
        Assert.Equal("INVALID_ARGUMENT", error.GetProperty("details")[0].GetProperty("errorCode").GetString());
        Assert.Equal(0, await sandbox.AcceptedAsync("fcm"));
    }

    [Theory]
    [InlineData("token", 4095, true)]
    [InlineData("token", 4096, false)]
    [InlineData("topic", 2047, true)]
    [InlineData("topic", 2048, false)]
    public async Task Payload_limit_counts_keys_and_is_answered_without_details(string target, int valueLength, bool fits)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendFcmAsync(
            $$$"""{"message":{"{{{target}}}":"a","data":{"k":"{{{new string('x', valueLength)}}}"} } }"""
        );

        Assert.Equal(fits ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        if (!fits)
            Assert.False((await SandboxFixture.JsonAsync(response)).GetProperty("error").TryGetProperty("details", out _));
    }

    [Theory]
    [InlineData("validate_only")]
    [InlineData("validateOnly")]
    public async Task Checked_only_push_is_answered_but_not_kept(string field)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendFcmAsync($$$"""{"{{{field}}}":true,"message":{"token":"a"}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await sandbox.AcceptedAsync("fcm"));
    }

    [Fact]
    public async Task Token_endpoint_refuses_what_is_no_assertion()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var notJwt = await sandbox.AskForTokenAsync("nonsense");
        using var expired = await sandbox.AskForTokenAsync(Jwts.Google(exp: 1));
        using var otherGrant = await sandbox.AskForTokenAsync(Jwts.Google(), grant: "password");

        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_grant"),
            (notJwt.StatusCode, (await SandboxFixture.JsonAsync(notJwt)).GetProperty("error").GetString())
        );
        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_grant"),
            (expired.StatusCode, (await SandboxFixture.JsonAsync(expired)).GetProperty("error").GetString())
        );
        Assert.Equal(
            (HttpStatusCode.BadRequest, "unsupported_grant_type"),
            (otherGrant.StatusCode, (await SandboxFixture.JsonAsync(otherGrant)).GetProperty("error").GetString())
        );
    }
}
