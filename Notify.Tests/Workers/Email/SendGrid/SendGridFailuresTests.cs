using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Tests.Workers.Email.SendGrid;

/// <summary>Each row of SendGrid's failure table, as an answer over the wire.</summary>
public sealed class SendGridFailuresTests
{
    private const string Error =
        """{"errors":[{"message":"Does not contain a valid address: to@example.test","field":"personalizations.0.to.0.email","help":null}]}""";

    [Theory]
    [InlineData(400, OutcomeKind.Permanent)]
    [InlineData(401, OutcomeKind.Misconfigured)]
    [InlineData(403, OutcomeKind.Misconfigured)]
    [InlineData(404, OutcomeKind.Misconfigured)]
    [InlineData(405, OutcomeKind.Misconfigured)]
    [InlineData(406, OutcomeKind.Permanent)]
    [InlineData(407, OutcomeKind.Misconfigured)]
    [InlineData(413, OutcomeKind.Permanent)]
    [InlineData(418, OutcomeKind.Permanent)]
    [InlineData(429, OutcomeKind.Throttled)]
    [InlineData(451, OutcomeKind.Misconfigured)]
    [InlineData(500, OutcomeKind.Transient)]
    [InlineData(502, OutcomeKind.Transient)]
    [InlineData(503, OutcomeKind.Transient)]
    [InlineData(200, OutcomeKind.Ambiguous)]
    [InlineData(302, OutcomeKind.Misconfigured)]
    public async Task Status_gives_the_outcome_of_its_row(int status, OutcomeKind kind)
    {
        await using var door = await SendGridDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(status, "<html>no JSON</html>"));

        var outcome = await door.SendAsync();

        Assert.Equal((kind, $"HTTP {status}"), (outcome.Kind, outcome.Code));
        Assert.InRange(outcome.Detail!.Length, 1, 300);
        Assert.Equal(status == 429 ? TimeSpan.FromMinutes(1) : null, outcome.RetryAfter);
        Assert.False(outcome.ConcernsAddress);
        Assert.Single(door.Stub.Requests);
    }

    [Theory]
    [InlineData(Error, "HTTP 400 personalizations.0.to.0.email")]
    [InlineData("""{"errors":[{"message":"Bad Request","field":null,"help":null}]}""", "HTTP 400")]
    [InlineData("""{"errors":[{"message":"x","field":"to@example.test and more"}]}""", "HTTP 400")]
    [InlineData("""{"errors":[]}""", "HTTP 400")]
    [InlineData("""{"errors":["x"]}""", "HTTP 400")]
    [InlineData("""["x"]""", "HTTP 400")]
    [InlineData("", "HTTP 400")]
    public async Task Refused_field_is_named_and_no_address(string body, string code)
    {
        await using var door = await SendGridDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(400, body));

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Permanent, code), (outcome.Kind, outcome.Code));
        Assert.DoesNotContain("example.test", outcome.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_is_taken_in_seconds()
    {
        await using var door = await SendGridDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(429, "", ("Retry-After", "17"), ("X-RateLimit-Reset", In(door, 500))));

        Assert.Equal(TimeSpan.FromSeconds(17), (await door.SendAsync()).RetryAfter);
    }

    [Fact]
    public async Task Wait_is_taken_as_a_date()
    {
        await using var door = await SendGridDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(429, "", ("Retry-After", door.Time.GetUtcNow().AddSeconds(90).ToString("R"))));

        Assert.Equal(TimeSpan.FromSeconds(90), (await door.SendAsync()).RetryAfter);
    }

    [Theory]
    [InlineData(42, 42)]
    [InlineData(0, 1)]
    [InlineData(-30, 1)]
    [InlineData(7 * 86_400, 60)]
    public async Task Wait_is_taken_until_the_quota_opens_again(int inSeconds, int wait)
    {
        await using var door = await SendGridDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(429, "", ("X-RateLimit-Reset", In(door, inSeconds))));

        Assert.Equal(TimeSpan.FromSeconds(wait), (await door.SendAsync()).RetryAfter);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("60")]
    [InlineData("99999999999999999999")]
    public async Task Reset_that_is_no_moment_is_not_believed(string value)
    {
        await using var door = await SendGridDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(429, "", ("X-RateLimit-Reset", value)));

        Assert.Equal(TimeSpan.FromMinutes(1), (await door.SendAsync()).RetryAfter);
    }

    private static string In(SendGridDoor door, int seconds) =>
        (door.Time.GetUtcNow().ToUnixTimeSeconds() + seconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
