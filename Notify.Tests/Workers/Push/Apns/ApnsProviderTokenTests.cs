using System.Security.Cryptography;
using Notify.Core.Channels;

namespace Notify.Tests.Workers.Push.Apns;

public sealed class ApnsProviderTokenTests
{
    private static readonly StubAnswer Expired = ApnsDoor.Refusal(403, "ExpiredProviderToken");

    [Fact]
    public async Task Token_is_signed_as_Apple_asks()
    {
        await using var door = await ApnsDoor.OpenAsync();

        await door.SendAsync();

        var token = Jwt.Read(door.Production.Requests[0].Bearer);
        Assert.Equal("ES256", token.Header.GetProperty("alg").GetString());
        Assert.Equal("KEY1234567", token.Header.GetProperty("kid").GetString());
        Assert.Equal("TEAM123456", token.Claims.GetProperty("iss").GetString());
        Assert.Equal(door.Time.GetUtcNow().ToUnixTimeSeconds(), token.Claims.GetProperty("iat").GetInt64());
        Assert.True(SigningKey.Key.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task Token_is_shared_by_concurrent_sends_to_both_environments()
    {
        await using var door = await ApnsDoor.OpenAsync();

        await Task.WhenAll(
            Enumerable.Range(0, 100).Select(n => door.SendAsync(PushMessages.Apns(environment: n % 2 == 0 ? "production" : "sandbox")))
        );

        Assert.Single(door.Production.Requests.Concat(door.Sandbox.Requests).Select(request => request.Bearer).Distinct());
        Assert.Equal((50, 50), (door.Production.Requests.Count, door.Sandbox.Requests.Count));
    }

    [Fact]
    public async Task Token_is_made_anew_at_45_minutes()
    {
        await using var door = await ApnsDoor.OpenAsync();

        await door.SendAsync();
        door.Time.Advance(TimeSpan.FromMinutes(44));
        await door.SendAsync();
        door.Time.Advance(TimeSpan.FromMinutes(1));
        await door.SendAsync();

        var bearers = door.Production.Requests.Select(request => request.Bearer).ToArray();
        Assert.Equal(bearers[0], bearers[1]);
        Assert.NotEqual(bearers[1], bearers[2]);
    }

    [Fact]
    public async Task Expired_token_is_signed_again_once_for_all_concurrent_sends()
    {
        await using var door = await ApnsDoor.OpenAsync();
        await door.SendAsync();
        var old = door.Production.Requests[0].Bearer;
        door.Time.Advance(TimeSpan.FromMinutes(30));
        door.Production.Answers((request, _) => Task.FromResult(request.Bearer == old ? Expired : ApnsDoor.Accepted));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => door.SendAsync()));

        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        Assert.Equal(2, door.Production.Requests.Select(request => request.Bearer).Distinct().Count());
    }

    [Fact]
    public async Task Expired_again_after_signing_is_our_fault()
    {
        await using var door = await ApnsDoor.OpenAsync();
        await door.SendAsync();
        door.Time.Advance(TimeSpan.FromMinutes(30));
        door.Production.Answers(Expired);

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Misconfigured, "ExpiredProviderToken"), (outcome.Kind, outcome.Code));
        Assert.Equal(3, door.Production.Requests.Count);
    }

    [Fact]
    public async Task Token_is_not_signed_twice_within_twenty_minutes()
    {
        await using var door = await ApnsDoor.OpenAsync();
        door.Production.Answers(Expired);

        var outcome = await door.SendAsync();

        Assert.Equal(OutcomeKind.Misconfigured, outcome.Kind);
        Assert.Single(door.Production.Requests);
    }

    [Fact]
    public async Task Too_many_updates_keep_the_token_for_twenty_minutes()
    {
        await using var door = await ApnsDoor.OpenAsync();
        await door.SendAsync();
        door.Time.Advance(TimeSpan.FromMinutes(40));
        door.Production.Answers(ApnsDoor.Refusal(429, "TooManyProviderTokenUpdates"), ApnsDoor.Accepted);
        await door.SendAsync();

        door.Time.Advance(TimeSpan.FromMinutes(10));
        await door.SendAsync();
        door.Time.Advance(TimeSpan.FromMinutes(10));
        await door.SendAsync();

        var bearers = door.Production.Requests.Select(request => request.Bearer).ToArray();
        Assert.Single(bearers[..3].Distinct());
        Assert.NotEqual(bearers[2], bearers[3]);
    }
}
