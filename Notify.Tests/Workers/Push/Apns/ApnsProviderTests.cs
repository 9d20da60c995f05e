using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Tests.Workers.Push.Apns;

public sealed class ApnsProviderTests
{
    [Fact]
    public async Task Accepted_push_gives_the_id_APNs_returned()
    {
        await using var door = await ApnsDoor.OpenAsync();

        Assert.Equal(Outcome.Sent("eabeae54-14a8-11e5-b60b-1697f925ec7b"), await door.SendAsync());

        door.Production.Answers(new StubAnswer(200));
        Assert.Equal(Outcome.Sent(PushMessages.Id.ToString()), await door.SendAsync());
    }

    [Fact]
    public async Task Request_carries_the_headers_and_the_payload_that_APNs_asks_for()
    {
        await using var door = await ApnsDoor.OpenAsync();
        var expires = door.Time.GetUtcNow().AddHours(1);

        await door.SendAsync(PushMessages.Apns(expires: expires, body: "Größe “ok”"));

        var request = Assert.Single(door.Production.Requests);
        var id = PushMessages.Id.ToString();
        Assert.Equal(("POST", $"/3/device/{PushMessages.Apns().Token}", "HTTP/2"), (request.Method, request.Path, request.Protocol));
        Assert.StartsWith("bearer ", request.Headers["authorization"]);
        Assert.Equal(id, request.Headers["apns-id"]);
        Assert.Equal(id, request.Headers["apns-collapse-id"]);
        Assert.Equal("com.example.app", request.Headers["apns-topic"]);
        Assert.Equal("alert", request.Headers["apns-push-type"]);
        Assert.Equal("10", request.Headers["apns-priority"]);
        Assert.Equal(expires.ToUnixTimeSeconds().ToString(), request.Headers["apns-expiration"]);
        Assert.Equal(
            $$$"""{"aps":{"alert":{"title":"Hello","body":"Größe “ok”"},"sound":"default"},"order":"42","notify-delivery-id":"{{{id}}}"}""",
            request.Body
        );
    }

    [Fact]
    public async Task Dry_run_is_not_for_APNs_which_has_none()
    {
        await using var door = await ApnsDoor.OpenAsync();

        Assert.True(door.Provider.CanSend(PushMessages.TargetOf(PushMessages.Apns())));
        Assert.False(door.Provider.CanSend(PushMessages.TargetOf(PushMessages.Apns() with { DryRun = true })));
    }

    [Fact]
    public async Task Device_chooses_topic_environment_and_priority()
    {
        await using var door = await ApnsDoor.OpenAsync();

        await door.SendAsync(PushMessages.Apns(app: "com.example.other", environment: "sandbox", high: false));

        Assert.Empty(door.Production.Requests);
        var request = Assert.Single(door.Sandbox.Requests);
        Assert.Equal(("com.example.other", "5"), (request.Headers["apns-topic"], request.Headers["apns-priority"]));
    }

    [Fact]
    public async Task Expiration_is_at_most_thirty_days_ahead()
    {
        await using var door = await ApnsDoor.OpenAsync();

        await door.SendAsync(PushMessages.Apns(expires: DateTimeOffset.MaxValue));

        Assert.Equal(
            door.Time.GetUtcNow().AddDays(30).ToUnixTimeSeconds().ToString(),
            door.Production.Requests[0].Headers["apns-expiration"]
        );
    }

    [Fact]
    public async Task Payload_of_4096_bytes_is_sent_and_a_larger_one_is_not()
    {
        await using var door = await ApnsDoor.OpenAsync();
        await door.SendAsync(PushMessages.Apns(body: "é"));
        var room = 4096 - Encoding.UTF8.GetByteCount(door.Production.Requests[0].Body);

        var fits = await door.SendAsync(PushMessages.Apns(body: "é" + new string('x', room)));
        var tooLarge = await door.SendAsync(PushMessages.Apns(body: "é" + new string('x', room + 1)));

        Assert.Equal(OutcomeKind.Sent, fits.Kind);
        Assert.Equal((OutcomeKind.Permanent, "PayloadTooLarge"), (tooLarge.Kind, tooLarge.Code));
        Assert.Equal(2, door.Production.Requests.Count);
    }

    [Fact]
    public async Task Only_what_json_requires_is_escaped()
    {
        await using var door = await ApnsDoor.OpenAsync();

        await door.SendAsync(
            PushMessages.Apns(
                body: "😀<é>&'+\u2028 \"\\\n\u0001",
                data: new Dictionary<string, string> { ["😀"] = "\U0001F468\u200D\U0001F469" }
            )
        );

        var body = Assert.Single(door.Production.Requests).Body;
        Assert.Contains(
            """
            "body":"😀<é>&'+
            """.Trim() + "\u2028 \\\"\\\\\\n\\u0001\"",
            body,
            StringComparison.Ordinal
        );
        Assert.Contains("\"😀\":\"\U0001F468\u200D\U0001F469\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../admin")]
    [InlineData("00ff\r\nx: y")]
    [InlineData("not-hex")]
    public async Task Token_that_cannot_be_one_is_dead_without_a_call(string token)
    {
        await using var door = await ApnsDoor.OpenAsync();

        var outcome = await door.SendAsync(PushMessages.Apns(token: token));

        Assert.Equal((OutcomeKind.DeadAddress, "BadDeviceToken"), (outcome.Kind, outcome.Code));
        Assert.Empty(door.Production.Requests);
    }

    [Theory]
    [InlineData("com.example\r\napns-priority: 10", "order", "BadTopic")]
    [InlineData("com.example.app", "aps", "ReservedDataKey")]
    public async Task What_would_spoil_the_request_is_refused_without_a_call(string app, string key, string code)
    {
        await using var door = await ApnsDoor.OpenAsync();

        var outcome = await door.SendAsync(PushMessages.Apns(app: app, data: new Dictionary<string, string> { [key] = "1" }));

        Assert.Equal((OutcomeKind.Permanent, code), (outcome.Kind, outcome.Code));
        Assert.Empty(door.Production.Requests);
    }

    [Fact]
    public async Task Device_token_reaches_no_trace_and_no_trace_reaches_Apple()
    {
        await using var door = await ApnsDoor.OpenAsync();
        var names = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => names.Enqueue(string.Join(' ', activity.TagObjects)),
        };
        ActivitySource.AddActivityListener(listener);
        var token = string.Concat(Enumerable.Repeat("ab12cd34", 8));

        await door.SendAsync(PushMessages.Apns(token: token));

        Assert.DoesNotContain(names, tags => tags.Contains(token));
        Assert.False(door.Production.Requests[0].Headers.ContainsKey("traceparent"));
    }

    [Theory]
    [InlineData("apns", true)]
    [InlineData("fcm", false)]
    public async Task Only_APNs_tokens_are_carried(string platform, bool expected)
    {
        await using var door = await ApnsDoor.OpenAsync();

        Assert.Equal(expected, door.Provider.CanSend(PushMessages.TargetOf(PushMessages.Apns() with { Platform = platform })));
        Assert.Equal("apns", door.Provider.Name);
    }
}
