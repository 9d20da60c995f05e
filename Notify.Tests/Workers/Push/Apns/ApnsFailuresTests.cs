using Notify.Core.Channels;

namespace Notify.Tests.Workers.Push.Apns;

/// <summary>Each row of APNs' failure table, as an answer over the wire.</summary>
public sealed class ApnsFailuresTests
{
    public static TheoryData<int, string, OutcomeKind> Rows =>
        new()
        {
            { 400, "BadCollapseId", OutcomeKind.Permanent },
            { 400, "BadDeviceToken", OutcomeKind.DeadAddress },
            { 400, "BadExpirationDate", OutcomeKind.Permanent },
            { 400, "BadMessageId", OutcomeKind.Permanent },
            { 400, "BadPriority", OutcomeKind.Permanent },
            { 400, "BadTopic", OutcomeKind.Misconfigured },
            { 400, "DeviceTokenNotForTopic", OutcomeKind.DeadAddress },
            { 400, "DuplicateHeaders", OutcomeKind.Permanent },
            { 400, "IdleTimeout", OutcomeKind.Transient },
            { 400, "InvalidPushType", OutcomeKind.Permanent },
            { 400, "MissingDeviceToken", OutcomeKind.Permanent },
            { 400, "MissingTopic", OutcomeKind.Misconfigured },
            { 400, "PayloadEmpty", OutcomeKind.Permanent },
            { 400, "TopicDisallowed", OutcomeKind.Misconfigured },
            { 403, "BadCertificate", OutcomeKind.Misconfigured },
            { 403, "BadCertificateEnvironment", OutcomeKind.Misconfigured },
            { 403, "ExpiredProviderToken", OutcomeKind.Misconfigured },
            { 403, "Forbidden", OutcomeKind.Misconfigured },
            { 403, "InvalidProviderToken", OutcomeKind.Misconfigured },
            { 403, "MissingProviderToken", OutcomeKind.Misconfigured },
            { 403, "UnrelatedKeyIdInToken", OutcomeKind.Misconfigured },
            { 403, "BadEnvironmentKeyIdInToken", OutcomeKind.Misconfigured },
            { 403, "BadEnvironmentKeyInToken", OutcomeKind.Misconfigured },
            { 404, "BadPath", OutcomeKind.Permanent },
            { 405, "MethodNotAllowed", OutcomeKind.Permanent },
            { 410, "Unregistered", OutcomeKind.DeadAddress },
            { 410, "ExpiredToken", OutcomeKind.DeadAddress },
            { 413, "PayloadTooLarge", OutcomeKind.Permanent },
            { 429, "TooManyRequests", OutcomeKind.Throttled },
            { 429, "TooManyProviderTokenUpdates", OutcomeKind.Throttled },
            { 500, "InternalServerError", OutcomeKind.Transient },
            { 503, "ServiceUnavailable", OutcomeKind.Transient },
            { 503, "Shutdown", OutcomeKind.Transient },
            { 400, "SomethingNew", OutcomeKind.Permanent },
            { 403, "SomethingNew", OutcomeKind.Misconfigured },
            { 502, "SomethingNew", OutcomeKind.Transient },
        };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Reason_gives_the_outcome_of_its_row(int status, string reason, OutcomeKind kind)
    {
        await using var door = await ApnsDoor.OpenAsync();
        door.Production.Answers(ApnsDoor.Refusal(status, reason));

        var outcome = await door.SendAsync(PushMessages.Apns(high: false));

        Assert.Equal((kind, reason), (outcome.Kind, outcome.Code));
        Assert.InRange(outcome.Detail!.Length, 1, 300);
        Assert.DoesNotContain(PushMessages.Apns().Token, outcome.ToString());
        Assert.Equal(
            reason switch
            {
                "TooManyRequests" => TimeSpan.FromMinutes(1),
                "TooManyProviderTokenUpdates" => TimeSpan.FromMinutes(20),
                _ => null,
            },
            outcome.RetryAfter
        );
        Assert.Equal(status >= 500, outcome.Schedule is { Base.TotalMinutes: 15, Floor.TotalMinutes: 15 });
        Assert.Equal(reason == "TooManyRequests", outcome.ConcernsAddress);
        Assert.Single(door.Production.Requests);
    }

    [Theory]
    [InlineData(400, OutcomeKind.Permanent)]
    [InlineData(403, OutcomeKind.Misconfigured)]
    [InlineData(410, OutcomeKind.DeadAddress)]
    [InlineData(413, OutcomeKind.Permanent)]
    [InlineData(429, OutcomeKind.Throttled)]
    [InlineData(502, OutcomeKind.Transient)]
    [InlineData(302, OutcomeKind.Misconfigured)]
    public async Task Answer_that_is_not_Apples_is_taken_by_its_status(int status, OutcomeKind kind)
    {
        await using var door = await ApnsDoor.OpenAsync();
        door.Production.Answers(new StubAnswer(status, "<html>proxy</html>", ("Location", "/elsewhere")));

        var outcome = await door.SendAsync();

        Assert.Equal((kind, $"HTTP {status}"), (outcome.Kind, outcome.Code));
        Assert.Single(door.Production.Requests);
    }

    [Fact]
    public async Task Urgent_push_keeps_the_channels_schedule_after_a_server_error()
    {
        await using var door = await ApnsDoor.OpenAsync();
        door.Production.Answers(ApnsDoor.Refusal(503, "ServiceUnavailable"));

        var outcome = await door.SendAsync(PushMessages.Apns(high: true));

        Assert.Equal((OutcomeKind.Transient, null), (outcome.Kind, outcome.Schedule));
    }

    [Fact]
    public async Task Retry_after_wins()
    {
        await using var door = await ApnsDoor.OpenAsync();
        door.Production.Answers(ApnsDoor.Refusal(429, "TooManyRequests") with { Headers = [("Retry-After", "7")] });

        Assert.Equal(TimeSpan.FromSeconds(7), (await door.SendAsync()).RetryAfter);
    }

    [Theory]
    [InlineData("1700000000000", -1, OutcomeKind.DeadAddress)] // registered before: the token is gone
    [InlineData("1700000000000", 0, OutcomeKind.Permanent)] // registered since: the news is old
    [InlineData("1700000000000", 1, OutcomeKind.Permanent)]
    [InlineData("1700000000", -1, OutcomeKind.DeadAddress)] // seconds, as some say
    [InlineData("1700000000", 1, OutcomeKind.Permanent)]
    [InlineData("99999999999999", 1, OutcomeKind.DeadAddress)] // no time at all: Apple's word stands
    [InlineData("-5", 1, OutcomeKind.DeadAddress)]
    [InlineData("\"soon\"", 1, OutcomeKind.DeadAddress)]
    public async Task Token_is_dead_only_if_it_was_registered_before_APNs_saw_it_go(
        string timestamp,
        int registeredAfterSeconds,
        OutcomeKind kind
    )
    {
        await using var door = await ApnsDoor.OpenAsync();
        door.Production.Answers(new StubAnswer(410, $$"""{"reason":"Unregistered","timestamp":{{timestamp}}}"""));

        var outcome = await door.SendAsync(
            PushMessages.Apns(registered: DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + registeredAfterSeconds))
        );

        Assert.Equal((kind, "Unregistered"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Token_of_unknown_registration_is_dead_when_APNs_says_so()
    {
        await using var door = await ApnsDoor.OpenAsync();
        door.Production.Answers(new StubAnswer(410, """{"reason":"Unregistered","timestamp":1700000000000}"""));

        Assert.Equal(OutcomeKind.DeadAddress, (await door.SendAsync()).Kind);
    }
}
