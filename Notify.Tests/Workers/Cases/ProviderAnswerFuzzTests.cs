using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Tests.Fuzzing;
using Notify.Tests.Packages.MailKit;
using Notify.Tests.Workers.Email;
using Notify.Tests.Workers.Email.SendGrid;
using Notify.Tests.Workers.Push.Apns;
using Notify.Tests.Workers.Push.Fcm;
using Notify.Tests.Workers.Sms.Gateway;

namespace Notify.Tests.Workers.Cases;

/// <summary>
/// Whatever a provider answers comes to an outcome, and shows nothing that it should not. A few hundred mutations of the cases' answers for
/// each, or as many as <see cref="FuzzSettings"/> says.
/// </summary>
public sealed class ProviderAnswerFuzzTests
{
    private static readonly int Seed = FuzzSettings.Seed;
    private static readonly int Rounds = FuzzSettings.Count(300);

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fcm")]
    [InlineData("apns")]
    [InlineData("sendgrid")]
    [InlineData("twilio")]
    [InlineData("gateway")]
    public async Task Any_answer_over_HTTP_comes_to_an_outcome(string provider)
    {
        var bodies = BodiesOf(provider);
        var mutations = new AnswerMutations(Seed);
        var (door, stubs, sendAsync, usualAnswer) = await OpenAsync(provider);
        await using var _ = door;
        for (var round = 0; round < Rounds; round++)
        {
            var answer = mutations.Answer(bodies[round % bodies.Count]);
            foreach (var stub in stubs)
                stub.Answers(answer);

            Check(await sendAsync(), $"{provider}, seed {Seed}, round {round}: {answer.Status} {answer.Body}");
        }
        foreach (var stub in stubs)
            stub.Answers(usualAnswer);
        Assert.Equal(OutcomeKind.Sent, (await sendAsync()).Kind); // nothing that was said stays in the way of the next message
    }

    [Fact]
    public async Task Any_reply_of_a_mail_server_comes_to_an_outcome()
    {
        string[] stages = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT"];
        var replies = RepliesOfCases();
        var mutations = new AnswerMutations(Seed);
        await using var fixture = new SmtpProviderFixture(null, ("Email:Smtp:Timeout", "00:00:01"));
        for (var round = 0; round < Rounds; round++)
        {
            var (stage, reply) = (stages[round % stages.Length], mutations.Text(replies[round % replies.Count]));
            if (!EndsForSure(reply))
                reply = $"{reply}\r\n{reply.Length % 500 + 100} end"; // a reply that never ends is the timeout's matter, and tested there
            fixture.Server.Answer = line => line.StartsWith(stage, StringComparison.Ordinal) ? reply : null;

            Check(await fixture.SendAsync(Cancel), $"smtp, seed {Seed}, round {round}: {stage} {reply}");
            await fixture.Server.CloseAllAsync();
        }
    }

    private static bool EndsForSure(string reply) =>
        reply.Split("\r\n")[^1] is [>= '2' and <= '5', >= '0' and <= '9', >= '0' and <= '9', ' ', ..];

    private static void Check(Outcome outcome, string what)
    {
        Assert.True(Enum.IsDefined(outcome.Kind), what);
        Assert.True(outcome.Kind == OutcomeKind.Sent || outcome.Detail is { Length: > 0 and <= 300 }, what);
        Assert.True(outcome.Code is null || (outcome.Code.Length <= 200 && !outcome.Code.Any(char.IsControl)), $"{what}: {outcome.Code}");
        Assert.DoesNotContain("to@example.test", outcome.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("15558675310", outcome.Code ?? "", StringComparison.Ordinal);
        Assert.True(outcome.RetryAfter is null || outcome.RetryAfter >= TimeSpan.Zero, what);
        Assert.True(Enum.IsDefined(Transitions.For(outcome, 1, atMostOnce: false, Now.AddDays(3), Now, new(), jitter: 0.5).State), what);
    }

    private static async Task<(IAsyncDisposable Door, ProviderStub[] Stubs, Func<Task<Outcome>> SendAsync, StubAnswer Usual)> OpenAsync(
        string provider
    )
    {
        switch (provider)
        {
            case "fcm":
                var fcm = await FcmDoor.OpenAsync();
                return (fcm, [fcm.Messages], () => fcm.SendAsync(), FcmDoor.Accepted);
            case "apns":
                var apns = await ApnsDoor.OpenAsync();
                return (apns, [apns.Production], () => apns.SendAsync(), ApnsDoor.Accepted);
            case "sendgrid":
                var sendGrid = await SendGridDoor.OpenAsync();
                return (sendGrid, [sendGrid.Stub], () => sendGrid.SendAsync(), SendGridDoor.Accepted);
            case "twilio":
                var twilio = await TwilioCases.OpenAsync(Cancel);
                return (twilio, [twilio.Stub], () => twilio.SendAsync(Cancel), TwilioCases.Usual);
            default:
                var gateway = await GatewayDoor.OpenAsync(("ErrorPath", "error.message"), ("MessageIdPath", "messages.0.id"));
                return (gateway, [gateway.Stub], () => gateway.SendAsync(), GatewayDoor.Accepted);
        }
    }

    private static IEnumerable<JsonElement> AnswersOf(string provider) =>
        from path in Directory
            .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Cases", provider), "*.json")
            .Order(StringComparer.Ordinal)
        from send in ProviderCase.Read(path).Sends
        where send.Answers is { ValueKind: JsonValueKind.Object }
        select send.Answers!.Value;

    private static List<string> BodiesOf(string provider) =>
        [
            .. AnswersOf(provider)
                .Where(answer => answer.TryGetProperty("body", out var _))
                .Select(answer => answer.GetProperty("body").GetRawText())
                .Distinct(),
        ];

    private static List<string> RepliesOfCases() =>
        [.. AnswersOf("smtp").SelectMany(answer => answer.EnumerateObject()).Select(reply => reply.Value.GetString()!).Distinct()];
}
