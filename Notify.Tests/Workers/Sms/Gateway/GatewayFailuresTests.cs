using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Tests.Workers.Sms.Gateway;

/// <summary>What the gateway's answers mean: each row of the table, and rules of the configuration before it.</summary>
public sealed class GatewayFailuresTests
{
    [Theory]
    [InlineData(400, OutcomeKind.Permanent)]
    [InlineData(401, OutcomeKind.Misconfigured)]
    [InlineData(403, OutcomeKind.Misconfigured)]
    [InlineData(404, OutcomeKind.Permanent)]
    [InlineData(407, OutcomeKind.Misconfigured)]
    [InlineData(418, OutcomeKind.Permanent)]
    [InlineData(422, OutcomeKind.Permanent)]
    [InlineData(429, OutcomeKind.Throttled)]
    [InlineData(500, OutcomeKind.Transient)]
    [InlineData(503, OutcomeKind.Transient)]
    [InlineData(302, OutcomeKind.Misconfigured)]
    public async Task Status_gives_the_outcome_of_its_row(int status, OutcomeKind kind)
    {
        await using var door = await GatewayDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(status, "+15558675310 is no good", ("Location", "/elsewhere")));

        var outcome = await door.SendAsync();

        Assert.Equal((kind, $"HTTP {status}"), (outcome.Kind, outcome.Code));
        Assert.InRange(outcome.Detail!.Length, 1, 300);
        Assert.DoesNotContain("15558675310", outcome.ToString(), StringComparison.Ordinal);
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(5) : null, outcome.RetryAfter);
        Assert.Single(door.Stub.Requests);
    }

    [Fact]
    public async Task Wait_is_taken_in_seconds()
    {
        await using var door = await GatewayDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(429, "", ("Retry-After", "17")));

        Assert.Equal(TimeSpan.FromSeconds(17), (await door.SendAsync()).RetryAfter);
    }

    [Fact]
    public async Task Wait_is_taken_as_a_date()
    {
        await using var door = await GatewayDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(429, "", ("Retry-After", FixedClock.Now.AddSeconds(90).ToString("R"))));

        Assert.Equal(TimeSpan.FromSeconds(90), (await door.SendAsync()).RetryAfter);
    }

    [Theory]
    [InlineData(201, OutcomeKind.Sent)]
    [InlineData(204, OutcomeKind.Sent)]
    [InlineData(200, OutcomeKind.Ambiguous)]
    public async Task Success_is_what_the_configuration_says(int status, OutcomeKind kind)
    {
        await using var door = await GatewayDoor.OpenAsync(("SuccessStatus", "201, 204-206"));
        door.Stub.Answers(new StubAnswer(status));

        Assert.Equal(kind, (await door.SendAsync()).Kind);
    }

    [Theory]
    [InlineData(400, """{"error":{"code":"INVALID_NUMBER"}}""", OutcomeKind.DeadAddress)]
    [InlineData(400, """{"error":{"code":"stop"}}""", OutcomeKind.OptedOut)]
    [InlineData(200, """{"error":{"code":"stop"}}""", OutcomeKind.OptedOut)]
    [InlineData(400, """{"error":{"code":40}}""", OutcomeKind.Misconfigured)]
    [InlineData(400, """{"other":"invalid_number stop"}""", OutcomeKind.Permanent)]
    [InlineData(400, "invalid_number, and no JSON", OutcomeKind.Permanent)]
    [InlineData(503, "{}", OutcomeKind.Throttled)]
    [InlineData(504, "{}", OutcomeKind.Throttled)]
    [InlineData(409, "{}", OutcomeKind.Sent)]
    [InlineData(500, "{}", OutcomeKind.Transient)]
    [InlineData(200, "{}", OutcomeKind.Sent)]
    public async Task First_rule_that_matches_decides_before_the_table(int status, string body, OutcomeKind kind)
    {
        await using var door = await GatewayDoor.OpenAsync(
            ("ErrorPath", "error.code"),
            ("Rules:0:Status", "400"),
            ("Rules:0:Contains", "invalid_number"),
            ("Rules:0:Outcome", "dead_address"),
            ("Rules:1:Contains", "STOP"),
            ("Rules:1:Outcome", "opted_out"),
            ("Rules:2:Contains", "40"),
            ("Rules:2:Outcome", "misconfigured"),
            ("Rules:3:Status", "502-504"),
            ("Rules:3:Outcome", "throttled"),
            ("Rules:4:Status", "409"),
            ("Rules:4:Outcome", "sent")
        );
        door.Stub.Answers(new StubAnswer(status, body));

        var outcome = await door.SendAsync();

        Assert.Equal(kind, outcome.Kind);
        Assert.Equal(kind == OutcomeKind.Throttled ? TimeSpan.FromSeconds(5) : null, outcome.RetryAfter);
    }

    [Fact]
    public async Task Without_a_path_the_whole_body_is_searched()
    {
        await using var door = await GatewayDoor.OpenAsync(("Rules:0:Contains", "ERR 7"), ("Rules:0:Outcome", "permanent"));
        door.Stub.Answers(new StubAnswer(200, "err 7: no credit"));

        Assert.Equal(OutcomeKind.Permanent, (await door.SendAsync()).Kind);
    }
}
