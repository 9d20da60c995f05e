using System.Globalization;
using Notify.Core.Channels;

namespace Notify.Tests.Workers.Push.Fcm;

/// <summary>Each row of FCM's failure table, as an answer over the wire.</summary>
public sealed class FcmFailuresTests
{
    private const string Secret = "fcm-token:secret";

    public static TheoryData<int, string, OutcomeKind, string> Rows =>
        new()
        {
            { 400, Error("INVALID_ARGUMENT", "INVALID_ARGUMENT", Violation("message.token")), OutcomeKind.DeadAddress, "INVALID_ARGUMENT" },
            { 400, Error("INVALID_ARGUMENT", null, Violation("message.token")), OutcomeKind.DeadAddress, "INVALID_ARGUMENT" },
            {
                400,
                Error("INVALID_ARGUMENT", "INVALID_ARGUMENT", Violation("message.data[0].value")),
                OutcomeKind.Permanent,
                "INVALID_ARGUMENT"
            },
            { 400, Error("INVALID_ARGUMENT", "INVALID_ARGUMENT"), OutcomeKind.Permanent, "INVALID_ARGUMENT" },
            { 400, Error("INVALID_ARGUMENT", null), OutcomeKind.Permanent, "INVALID_ARGUMENT" },
            {
                400,
                """{"error":{"code":400,"message":"Message too big.","status":"INVALID_ARGUMENT"}}""",
                OutcomeKind.Permanent,
                "INVALID_ARGUMENT"
            },
            { 401, Error("UNAUTHENTICATED", null), OutcomeKind.Misconfigured, "UNAUTHENTICATED" },
            { 401, Error("UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), OutcomeKind.Misconfigured, "THIRD_PARTY_AUTH_ERROR" },
            { 401, Error("UNAUTHENTICATED", "APNS_AUTH_ERROR"), OutcomeKind.Misconfigured, "APNS_AUTH_ERROR" },
            { 403, Error("PERMISSION_DENIED", "SENDER_ID_MISMATCH"), OutcomeKind.DeadAddress, "SENDER_ID_MISMATCH" },
            { 403, Error("PERMISSION_DENIED", null), OutcomeKind.Misconfigured, "PERMISSION_DENIED" },
            { 404, Error("NOT_FOUND", "UNREGISTERED"), OutcomeKind.DeadAddress, "UNREGISTERED" },
            { 404, Error("NOT_FOUND", null), OutcomeKind.Misconfigured, "NOT_FOUND" },
            { 404, "<html>Not here</html>", OutcomeKind.Misconfigured, "HTTP 404" },
            { 413, "", OutcomeKind.Permanent, "HTTP 413" },
            { 429, Error("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), OutcomeKind.Throttled, "QUOTA_EXCEEDED" },
            { 429, Error("RESOURCE_EXHAUSTED", null), OutcomeKind.Throttled, "RESOURCE_EXHAUSTED" },
            { 500, Error("INTERNAL", "INTERNAL"), OutcomeKind.Transient, "INTERNAL" },
            { 500, "", OutcomeKind.Transient, "HTTP 500" },
            { 502, "<!DOCTYPE html><html><title>502</title></html>", OutcomeKind.Transient, "HTTP 502" },
            { 503, Error("UNAVAILABLE", "UNAVAILABLE"), OutcomeKind.Transient, "UNAVAILABLE" },
            { 503, "[1,2", OutcomeKind.Transient, "HTTP 503" },
            { 504, """{"error":"late"}""", OutcomeKind.Transient, "HTTP 504" },
            { 302, "", OutcomeKind.Misconfigured, "HTTP 302" },
        };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Answer_gives_the_outcome_of_its_row(int status, string body, OutcomeKind kind, string code)
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(new StubAnswer(status, body, ("Location", "/elsewhere")));

        var outcome = await door.SendAsync(PushMessages.Fcm(token: Secret));

        Assert.Equal((kind, code), (outcome.Kind, outcome.Code));
        Assert.Null(outcome.ProviderMessageId);
        Assert.NotNull(outcome.Detail);
        Assert.InRange(outcome.Detail.Length, 1, 300);
        Assert.DoesNotContain("secret", outcome.ToString());
        Assert.Equal(kind == OutcomeKind.Transient, outcome.Schedule is { Base.TotalSeconds: 10, Floor.TotalSeconds: 10 });
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(60) : null, outcome.RetryAfter);
        Assert.Null(outcome.MaxAttempts);
    }

    [Theory]
    [InlineData(404, "UNSPECIFIED_ERROR")]
    [InlineData(400, "SOMETHING_NEW")]
    public async Task Unknown_code_is_worth_two_more_calls_and_never_the_token(int status, string code)
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(new StubAnswer(status, Error("NOT_FOUND", code)));

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Transient, code, 3), (outcome.Kind, outcome.Code, outcome.MaxAttempts));
    }

    [Fact]
    public async Task Code_that_looks_like_none_is_not_shown()
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(new StubAnswer(400, Error("bad status for fcm-token:secret", "also <bad>")));

        Assert.Equal("HTTP 400", (await door.SendAsync()).Code);
    }

    [Theory]
    [InlineData(429, OutcomeKind.Throttled)]
    [InlineData(503, OutcomeKind.Transient)]
    public async Task Retry_after_in_seconds_wins(int status, OutcomeKind kind)
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(new StubAnswer(status, "", ("Retry-After", "17")));

        var outcome = await door.SendAsync();

        Assert.Equal((kind, TimeSpan.FromSeconds(17)), (outcome.Kind, outcome.RetryAfter));
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(-90, 1)]
    public async Task Retry_after_as_a_date_is_taken_from_our_clock(int seconds, int expected)
    {
        await using var door = await FcmDoor.OpenAsync();
        var date = door.Time.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
        door.Messages.Answers(new StubAnswer(429, "", ("Retry-After", date)));

        Assert.Equal(TimeSpan.FromSeconds(expected), (await door.SendAsync()).RetryAfter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<html>Welcome to this hotel</html>")]
    public async Task Success_that_names_no_message_is_ambiguous(string body)
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(new StubAnswer(200, body));

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Ambiguous, "UNREADABLE_ANSWER"), (outcome.Kind, outcome.Code));
    }

    private static string Violation(string field) =>
        $$"""{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"{{field}}","description":"Invalid"}]}""";

    private static string Error(string status, string? fcmCode, string? more = null)
    {
        var details = new[]
        {
            fcmCode is null ? null : $$"""{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"{{fcmCode}}"}""",
            more,
        };
        var list = string.Join(',', details.Where(detail => detail is not null));
        return $$"""{"error":{"code":0,"message":"About {{Secret}}","status":"{{status}}","details":[{{list}}] } }""";
    }
}
