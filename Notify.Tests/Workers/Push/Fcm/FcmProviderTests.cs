using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Tests.Workers.Push.Fcm;

public sealed class FcmProviderTests
{
    [Fact]
    public async Task Accepted_message_gives_the_name_FCM_returned()
    {
        await using var door = await FcmDoor.OpenAsync();

        var outcome = await door.SendAsync();

        Assert.Equal(Outcome.Sent("projects/demo-project/messages/0:1"), outcome);
        var request = Assert.Single(door.Messages.Requests);
        Assert.Equal(("POST", "/v1/projects/demo-project/messages:send", "HTTP/2"), (request.Method, request.Path, request.Protocol));
        Assert.Equal("access-1", request.Bearer);
        Assert.False(request.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task Dry_run_is_checked_and_not_handed_out()
    {
        await using var door = await FcmDoor.OpenAsync();

        await door.SendAsync(PushMessages.Fcm() with { DryRun = true });
        await door.SendAsync();

        Assert.Equal(
            [true, false],
            door.Messages.Requests.Select(request => request.Json.TryGetProperty("validate_only", out var only) && only.GetBoolean())
        );
    }

    [Fact]
    public async Task Message_carries_what_the_device_shows_and_what_lets_it_fold_a_repeat()
    {
        await using var door = await FcmDoor.OpenAsync();

        await door.SendAsync(PushMessages.Fcm(expires: door.Time.GetUtcNow() + TimeSpan.FromMinutes(10.5)));

        var message = door.Messages.Requests[0].Json.GetProperty("message");
        var id = PushMessages.Id.ToString();
        Assert.Equal("fcm-token:1", message.GetProperty("token").GetString());
        Assert.Equal("Hello", message.GetProperty("notification").GetProperty("title").GetString());
        Assert.Equal("A body", message.GetProperty("notification").GetProperty("body").GetString());
        Assert.Equal("42", message.GetProperty("data").GetProperty("order").GetString());
        Assert.Equal(id, message.GetProperty("data").GetProperty("notify-delivery-id").GetString());
        var android = message.GetProperty("android");
        Assert.Equal("high", android.GetProperty("priority").GetString());
        Assert.Equal("630s", android.GetProperty("ttl").GetString());
        Assert.Equal(id, android.GetProperty("notification").GetProperty("tag").GetString());
        Assert.Equal("2026-11-21T12:00:00.000000000Z", android.GetProperty("notification").GetProperty("event_time").GetString());
        var apns = message.GetProperty("apns").GetProperty("headers");
        Assert.Equal("10", apns.GetProperty("apns-priority").GetString());
        Assert.Equal(id, apns.GetProperty("apns-collapse-id").GetString());
        Assert.Equal(
            (door.Time.GetUtcNow() + TimeSpan.FromSeconds(630)).ToUnixTimeSeconds().ToString(),
            apns.GetProperty("apns-expiration").GetString()
        );
    }

    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(400 * 24 * 3600, "2419200s")]
    public async Task Time_to_live_stays_within_FCMs_bounds(int seconds, string expected)
    {
        await using var door = await FcmDoor.OpenAsync();

        await door.SendAsync(PushMessages.Fcm(high: false, expires: door.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds)));

        var android = door.Messages.Requests[0].Json.GetProperty("message").GetProperty("android");
        Assert.Equal(expected, android.GetProperty("ttl").GetString());
        Assert.Equal("normal", android.GetProperty("priority").GetString());
    }

    [Theory]
    [InlineData("fcm", true)]
    [InlineData("apns", false)]
    [InlineData("webpush", false)]
    public async Task Only_FCM_tokens_are_carried(string platform, bool expected)
    {
        await using var door = await FcmDoor.OpenAsync();

        Assert.Equal(expected, door.Provider.CanSend(PushMessages.TargetOf(PushMessages.Fcm() with { Platform = platform })));
        Assert.Equal("fcm", door.Provider.Name);
    }

    [Fact]
    public async Task Message_without_a_token_is_refused_before_sending()
    {
        await using var door = await FcmDoor.OpenAsync();

        var outcome = await door.SendAsync(PushMessages.Fcm(token: ""));

        Assert.Equal((OutcomeKind.Permanent, "INVALID_MESSAGE"), (outcome.Kind, outcome.Code));
        Assert.Empty(door.Messages.Requests);
    }
}
