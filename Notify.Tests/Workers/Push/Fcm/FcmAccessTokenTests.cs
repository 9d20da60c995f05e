using System.Net;
using System.Security.Cryptography;
using System.Web;
using Notify.Core.Channels;

namespace Notify.Tests.Workers.Push.Fcm;

public sealed class FcmAccessTokenTests
{
    private static readonly StubAnswer Unauthenticated = new(401, """{"error":{"code":401,"status":"UNAUTHENTICATED"}}""");

    [Fact]
    public async Task Token_is_fetched_once_for_many_sends()
    {
        await using var door = await FcmDoor.OpenAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => door.SendAsync()));

        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        var exchange = Assert.Single(door.Tokens.Requests);
        var form = HttpUtility.ParseQueryString(exchange.Body);
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var assertion = Jwt.Read(form["assertion"]!);
        Assert.Equal(ServiceAccount.Email, assertion.Claims.GetProperty("iss").GetString());
        Assert.Equal("https://www.googleapis.com/auth/firebase.messaging", assertion.Claims.GetProperty("scope").GetString());
        Assert.True(
            ServiceAccount.Key.VerifyData(assertion.SignedBytes, assertion.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );
    }

    [Fact]
    public async Task Refused_token_is_renewed_and_the_message_sent_again_once()
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(Unauthenticated, FcmDoor.Accepted);

        var outcome = await door.SendAsync();

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        Assert.Equal(["access-1", "access-2"], door.Messages.Requests.Select(request => request.Bearer));
        Assert.Equal(2, door.Tokens.Requests.Count);
    }

    [Fact]
    public async Task Concurrent_sends_share_the_renewal()
    {
        await using var door = await FcmDoor.OpenAsync();
        await door.SendAsync();
        door.Messages.Answers((request, _) => Task.FromResult(request.Bearer == "access-1" ? Unauthenticated : FcmDoor.Accepted));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => door.SendAsync()));

        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        Assert.Equal(2, door.Tokens.Requests.Count);
    }

    [Fact]
    public async Task Token_refused_for_good_is_not_fetched_for_every_send()
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(Unauthenticated);

        var first = await door.SendAsync();
        var second = await door.SendAsync();

        Assert.Equal((OutcomeKind.Misconfigured, OutcomeKind.Misconfigured), (first.Kind, second.Kind));
        Assert.Equal(3, door.Messages.Requests.Count);
        Assert.Equal(2, door.Tokens.Requests.Count);

        door.Time.Advance(TimeSpan.FromMinutes(2));
        door.Messages.Answers(Unauthenticated, FcmDoor.Accepted);
        Assert.Equal(OutcomeKind.Sent, (await door.SendAsync()).Kind);
        Assert.Equal(3, door.Tokens.Requests.Count);
    }

    [Fact]
    public async Task Fault_of_the_projects_APNs_key_costs_no_new_token()
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(
            new StubAnswer(
                401,
                """{"error":{"status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"THIRD_PARTY_AUTH_ERROR"}]}}"""
            )
        );

        await door.SendAsync();

        Assert.Single(door.Messages.Requests);
        Assert.Single(door.Tokens.Requests);
    }

    [Theory]
    [InlineData(400, OutcomeKind.Misconfigured, "invalid_grant")]
    [InlineData(401, OutcomeKind.Misconfigured, "invalid_grant")]
    [InlineData(429, OutcomeKind.Transient, "invalid_grant")]
    [InlineData(503, OutcomeKind.Transient, "invalid_grant")]
    public async Task Refusal_at_the_token_endpoint_is_classified_and_not_repeated(int status, OutcomeKind kind, string code)
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Tokens.Answers(
            new StubAnswer(
                status,
                """{"error":"invalid_grant","error_description":"Invalid JWT Signature."}""",
                ("Content-Type", "application/json")
            )
        );

        var outcome = await door.SendAsync();

        Assert.Equal((kind, code), (outcome.Kind, outcome.Code));
        Assert.Empty(door.Messages.Requests);
        Assert.Single(door.Tokens.Requests);
    }

    [Fact]
    public async Task Unreachable_token_endpoint_is_transient()
    {
        await using var door = await FcmDoor.OpenAsync();
        await door.Tokens.DisposeAsync();

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Transient, "NO_ACCESS_TOKEN"), (outcome.Kind, outcome.Code));
        Assert.Empty(door.Messages.Requests);
    }

    [Fact]
    public async Task Silent_token_endpoint_is_transient()
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Tokens.Answers(
            async (_, aborted) =>
            {
                door.Time.Advance(FcmDoor.Timeout);
                await Task.Delay(Timeout.Infinite, aborted);
                return new StubAnswer((int)HttpStatusCode.OK);
            }
        );

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Transient, "NO_ACCESS_TOKEN"), (outcome.Kind, outcome.Code));
    }
}
