using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Workers.Sms;

namespace Notify.Tests.Workers.Sms;

public sealed class TwilioProviderTests : IAsyncLifetime
{
    private const string To = "+15558675310";
    private const string Text = "Your code is 424242 – & more";

    private TwilioStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await TwilioStub.StartAsync(Cancel);

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task Message_is_posted_with_sender_validity_and_credentials()
    {
        using var host = new TwilioHost(_stub.Address, ("StatusCallback", "https://notify.example.test/hooks/twilio?t=1"));

        await host.Provider.SendAsync(Message(validFor: TimeSpan.FromMinutes(10)), Cancel);

        var request = Assert.Single(_stub.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal($"/2010-04-01/Accounts/{TwilioHost.AccountSid}/Messages.json", request.Path);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TwilioHost.AccountSid}:{TwilioHost.AuthToken}")),
            request.Authorization
        );
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["To"] = To,
                ["From"] = "+15557122661",
                ["Body"] = Text,
                ["StatusCallback"] = "https://notify.example.test/hooks/twilio?t=1",
                ["ValidityPeriod"] = "600",
            },
            request.Form
        );
    }

    [Fact]
    public async Task Messaging_service_takes_the_place_of_a_number()
    {
        using var host = new TwilioHost(_stub.Address, ("From", ""), ("MessagingServiceSid", "MG1"));

        await host.Provider.SendAsync(Message(), Cancel);

        var form = Assert.Single(_stub.Requests).Form;
        Assert.Equal("MG1", form["MessagingServiceSid"]);
        Assert.DoesNotContain("From", form.Keys);
    }

    [Fact]
    public async Task Endpoint_may_have_a_path()
    {
        using var host = new TwilioHost(new Uri(_stub.Address, "/gateway/"));

        await host.Provider.SendAsync(Message(), Cancel);

        Assert.Equal($"/gateway/2010-04-01/Accounts/{TwilioHost.AccountSid}/Messages.json", Assert.Single(_stub.Requests).Path);
    }

    [Theory]
    [InlineData(-5, "1")]
    [InlineData(0.4, "1")]
    [InlineData(90.9, "90")]
    [InlineData(36_000, "36000")]
    [InlineData(900_000_000, "36000")]
    public async Task Validity_is_whole_seconds_within_what_twilio_takes(double seconds, string expected)
    {
        using var host = new TwilioHost(_stub.Address);

        await host.Provider.SendAsync(Message(validFor: TimeSpan.FromSeconds(seconds)), Cancel);

        Assert.Equal(expected, Assert.Single(_stub.Requests).Form["ValidityPeriod"]);
    }

    [Fact]
    public async Task Accepted_message_has_twilios_id_and_our_count_of_segments()
    {
        using var host = new TwilioHost(_stub.Address);

        var outcome = await host.Provider.SendAsync(Message() with { Text = new string('a', 161) }, Cancel);

        Assert.Equal(Outcome.Sent(RecordedAnswers.Sid, segments: 2), outcome); // the recorded answer says one
    }

    [Fact]
    public async Task Every_known_code_and_status_has_its_class()
    {
        using var host = new TwilioHost(_stub.Address);
        (int Status, int Code, OutcomeKind Kind)[] rows =
        [
            (401, 20003, OutcomeKind.Misconfigured),
            (403, 20003, OutcomeKind.Misconfigured),
            (429, 20429, OutcomeKind.Throttled),
            (400, 21211, OutcomeKind.DeadAddress),
            (400, 21401, OutcomeKind.DeadAddress),
            (400, 21614, OutcomeKind.DeadAddress),
            (400, 21408, OutcomeKind.Misconfigured),
            (400, 21606, OutcomeKind.Misconfigured),
            (400, 21212, OutcomeKind.Misconfigured),
            (400, 21603, OutcomeKind.Misconfigured),
            (400, 21610, OutcomeKind.OptedOut),
            (400, 21612, OutcomeKind.Permanent),
            (400, 21617, OutcomeKind.Permanent),
            (400, 21602, OutcomeKind.Permanent),
            (400, 20422, OutcomeKind.Permanent),
            (500, 20500, OutcomeKind.Ambiguous),
            (502, 0, OutcomeKind.Ambiguous),
            (503, 20503, OutcomeKind.Ambiguous),
            (403, 10001, OutcomeKind.Misconfigured),
            (404, 20404, OutcomeKind.Misconfigured),
            (400, 21609, OutcomeKind.Misconfigured),
            (429, 21611, OutcomeKind.Throttled),
            (401, 29999, OutcomeKind.Misconfigured),
            (429, 29999, OutcomeKind.Throttled),
            (400, 29999, OutcomeKind.Permanent),
            (403, 29999, OutcomeKind.Misconfigured),
            (408, 0, OutcomeKind.Permanent),
        ];
        foreach (var (status, code, kind) in rows)
        {
            _stub.AnswerWith(status, RecordedAnswers.Refused(status, code));

            var outcome = await host.Provider.SendAsync(Message(), Cancel);

            Assert.Equal((status, code, kind), (status, code, outcome.Kind));
            Assert.Equal(code == 0 ? $"HTTP {status}" : $"{code}", outcome.Code);
            Assert.InRange(outcome.Detail!.Length, 1, 300);
            Assert.Null(outcome.ProviderMessageId);
        }
        Assert.Equal(rows.Length, _stub.Requests.Count); // none was repeated
    }

    [Theory]
    [InlineData(502, "<html>Bad gateway</html>", OutcomeKind.Ambiguous)]
    [InlineData(503, "", OutcomeKind.Ambiguous)]
    [InlineData(201, "<html>Welcome</html>", OutcomeKind.Ambiguous)]
    [InlineData(201, "", OutcomeKind.Ambiguous)]
    [InlineData(200, "null", OutcomeKind.Ambiguous)]
    [InlineData(200, "{}", OutcomeKind.Ambiguous)]
    [InlineData(429, "slow down", OutcomeKind.Throttled)]
    [InlineData(401, "who?", OutcomeKind.Misconfigured)]
    [InlineData(403, "<html>Blocked</html>", OutcomeKind.Misconfigured)]
    [InlineData(404, "", OutcomeKind.Misconfigured)]
    [InlineData(302, "", OutcomeKind.Misconfigured)]
    [InlineData(400, "bad", OutcomeKind.Permanent)]
    public async Task Answer_that_is_not_twilios_is_classified_by_its_status(int status, string body, OutcomeKind kind)
    {
        using var host = new TwilioHost(_stub.Address);
        _stub.AnswerWith(status, body, "text/html", ("Location", "/elsewhere"));

        var outcome = await host.Provider.SendAsync(Message(), Cancel);

        Assert.Equal((kind, $"HTTP {status}"), (outcome.Kind, outcome.Code));
        Assert.Single(_stub.Requests);
    }

    [Fact]
    public async Task Overlong_answer_is_not_read_to_its_end()
    {
        using var host = new TwilioHost(_stub.Address);
        _stub.AnswerWith(201, new string('x', 1_000_000));

        Assert.Equal(OutcomeKind.Ambiguous, (await host.Provider.SendAsync(Message(), Cancel)).Kind);
    }

    [Theory]
    [InlineData(429, 20429, "7", 7)]
    [InlineData(429, 20429, "Wed, 04 Mar 2026 05:06:37 GMT", 30)]
    [InlineData(429, 20429, "Wed, 04 Mar 2026 05:00:00 GMT", 1)] // already passed: the default
    [InlineData(429, 20429, "soon", 1)]
    [InlineData(429, 20429, null, 1)]
    [InlineData(429, 21611, null, 60)]
    [InlineData(503, 20503, "5", 5)]
    [InlineData(503, 20503, "1795953600", 86_400)] // a point in time, where seconds are asked for: a day at most
    [InlineData(503, 20503, null, null)]
    [InlineData(400, 21211, null, null)]
    public async Task Wait_comes_from_the_answer_or_the_table(int status, int code, string? header, int? seconds)
    {
        using var host = new TwilioHost(_stub.Address);
        _stub.AnswerWith(status, RecordedAnswers.Refused(status, code), headers: header is null ? [] : [("Retry-After", header)]);

        var outcome = await host.Provider.SendAsync(Message(), Cancel);

        Assert.Equal(seconds, outcome.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Concurrent_calls_keep_their_own_answers()
    {
        using var host = new TwilioHost(_stub.Address);
        _stub.Answer = (context, request) =>
            int.Parse(request.Form["To"][^3..], null) switch
            {
                var n when n % 3 == 0 => RecordedAnswers.WriteAsync(context, 201, RecordedAnswers.CreatedAs($"SM{n}")),
                var n when n % 3 == 1 => RecordedAnswers.WriteAsync(
                    context,
                    429,
                    RecordedAnswers.Refused(429, 20429),
                    headers: ("Retry-After", $"{n}")
                ),
                _ => RecordedAnswers.WriteAsync(context, 400, RecordedAnswers.Refused(400, 21610)),
            };

        var outcomes = await Task.WhenAll(
            Enumerable.Range(100, 60).Select(n => host.Provider.SendAsync(Message() with { To = $"+15558675{n}" }, Cancel))
        );

        Assert.All(outcomes.Index(), item =>
        {
            var n = item.Index + 100;
            Assert.Equal(
                (n % 3) switch
                {
                    0 => ($"SM{n}", null),
                    1 => (null, n),
                    _ => ((string?)null, (double?)null),
                },
                (item.Item.ProviderMessageId, item.Item.RetryAfter?.TotalSeconds)
            );
        });
    }

    [Theory]
    [InlineData(201)]
    [InlineData(400)]
    public async Task Nothing_that_is_secret_or_personal_is_logged_or_kept(int status)
    {
        using var host = new TwilioHost(_stub.Address);
        _stub.AnswerWith(status, status == 201 ? RecordedAnswers.Created : RecordedAnswers.Refused(400, 29999));

        var outcome = await host.Provider.SendAsync(Message(), Cancel);

        var seen = string.Join('\n', [.. host.Logs.Lines, outcome.ToString()]);
        Assert.Equal(
            status == 400,
            seen.Contains("29999", StringComparison.Ordinal)
                && host.Logs.Lines.Any(line => line.Contains("29999", StringComparison.Ordinal))
        );
        Assert.All([To, To[1..], "424242", TwilioHost.AuthToken], secret => Assert.DoesNotContain(secret, seen, StringComparison.Ordinal));
    }

    private static SmsMessage Message(TimeSpan? validFor = null) =>
        new(Guid.CreateVersion7(FixedClock.Now), To, Text, FixedClock.Now + (validFor ?? TimeSpan.FromHours(1)));
}
