using System.Net;

namespace Notify.Tests.Sandbox;

public sealed class ApnsTests
{
    [Fact]
    public async Task Accepted_push_echoes_its_id_and_is_kept()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var id = Guid.NewGuid().ToString();

        using var response = await sandbox.SendApnsAsync(
            payload: """{"aps":{"alert":{"title":"Hello","body":"There"}},"notify-delivery-id":"0192f0c1-7b3a-7000-8000-00000000abcd","order":7}""",
            change: request => request.Headers.Add("apns-id", id)
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(id, Assert.Single(response.Headers.GetValues("apns-id")));
        var message = await sandbox.SingleAsync();
        Assert.Equal(
            ("apns", SandboxFixture.DeviceToken, id),
            (
                message.GetProperty("provider").GetString(),
                message.GetProperty("to").GetString(),
                message.GetProperty("providerId").GetString()
            )
        );
        Assert.Equal("0192f0c1-7b3a-7000-8000-00000000abcd", message.GetProperty("deliveryId").GetString());
        Assert.Equal(
            ("com.example.app", "There"),
            (message.GetProperty("push").GetProperty("app").GetString(), message.GetProperty("push").GetProperty("body").GetString())
        );
        Assert.Equal("7", message.GetProperty("push").GetProperty("data").GetProperty("order").GetString());
    }

    [Fact]
    public async Task Id_is_made_where_none_is_given()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendApnsAsync();

        Assert.True(Guid.TryParseExact(Assert.Single(response.Headers.GetValues("apns-id")), "D", out _));
    }

    [Theory]
    [InlineData("authorization", null, 403, "MissingProviderToken")]
    [InlineData("authorization", "bearer nonsense", 403, "InvalidProviderToken")]
    [InlineData("apns-topic", null, 400, "MissingTopic")]
    [InlineData("apns-push-type", "loud", 400, "InvalidPushType")]
    [InlineData("apns-priority", "7", 400, "BadPriority")]
    [InlineData("apns-expiration", "soon", 400, "BadExpirationDate")]
    [InlineData("apns-id", "1", 400, "BadMessageId")]
    [InlineData("apns-collapse-id", "12345678901234567890123456789012345678901234567890123456789012345", 400, "BadCollapseId")]
    public async Task Wrong_header_is_refused_with_its_reason(string header, string? value, int status, string reason)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendApnsAsync(change: request =>
        {
            request.Headers.Remove(header);
            if (value is not null)
                request.Headers.TryAddWithoutValidation(header, value);
        });

        await AssertRefusedAsync(sandbox, response, status, reason);
    }

    [Theory]
    [InlineData("", "{}", 400, "MissingDeviceToken")]
    [InlineData("not-hex", "{}", 400, "BadDeviceToken")]
    [InlineData(SandboxFixture.DeviceToken, "", 400, "PayloadEmpty")]
    [InlineData(SandboxFixture.DeviceToken, "[]", 400, "PayloadEmpty")]
    public async Task Wrong_request_is_refused_with_its_reason(string token, string payload, int status, string reason)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendApnsAsync(token, payload);

        await AssertRefusedAsync(sandbox, response, status, reason);
    }

    [Theory]
    [InlineData(4096, null)]
    [InlineData(4097, "PayloadTooLarge")]
    public async Task Payload_limit_is_4096_bytes(int length, string? reason)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var payload = """{"aps":{},"x":""" + '"' + new string('x', length - 17) + "\"}";
        Assert.Equal(length, payload.Length);

        using var response = await sandbox.SendApnsAsync(payload: payload);

        if (reason is null)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            await AssertRefusedAsync(sandbox, response, 413, reason);
    }

    [Fact]
    public async Task Old_provider_token_has_expired()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendApnsAsync(change: request =>
        {
            request.Headers.Remove("authorization");
            request.Headers.TryAddWithoutValidation(
                "authorization",
                "bearer " + Jwts.Apns(TimeProvider.System.GetUtcNow().AddMinutes(-61))
            );
        });

        await AssertRefusedAsync(sandbox, response, 403, "ExpiredProviderToken");
    }

    private static async Task AssertRefusedAsync(SandboxFixture sandbox, HttpResponseMessage response, int status, string reason)
    {
        Assert.Equal(
            (status, reason),
            ((int)response.StatusCode, (await SandboxFixture.JsonAsync(response)).GetProperty("reason").GetString())
        );
        Assert.Equal(0, await sandbox.AcceptedAsync("apns"));
    }
}
