using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.Testing;

namespace Notify.Tests.Distributed.Faults;

/// <summary>The mail server hangs up or refuses at every stage of a session. A second mail can only come of a lost answer to a message's
/// end.</summary>
[Collection(FaultTests.Name)]
public sealed class F29MailStagesTests(FaultApp app, ITestOutputHelper output)
{
    private const int Times = 3;

    /// <summary>
    /// Behaviour, the class that its answer belongs to, and the mails that come twice for each time. A reused connection that ends before
    /// the server said anything about the mail was closed while it was idle: its mail goes over another one at once, and no call is on
    /// record.
    /// </summary>
    private static readonly (string Name, object Behaviour, string Outcome, int Twice)[] s_stages =
    [
        (
            "connect",
            new
            {
                provider = "smtp",
                at = "connect",
                drop = "beforeRequest",
                times = Times,
            },
            "transient",
            0
        ),
        (
            "connect421",
            new
            {
                provider = "smtp",
                at = "connect",
                status = 421,
                code = "4.3.2 Too busy",
                times = Times,
            },
            "transient",
            0
        ),
        (
            "ehlo",
            new
            {
                provider = "smtp",
                at = "ehlo",
                drop = "beforeRequest",
                times = Times,
            },
            "transient",
            0
        ),
        (
            "mail",
            new
            {
                provider = "smtp",
                at = "mail",
                drop = "beforeRequest",
                times = Times,
            },
            "transient",
            0
        ),
        (
            "mail421",
            new
            {
                provider = "smtp",
                at = "mail",
                status = 421,
                code = "4.3.2 Closing",
                times = Times,
            },
            "transient",
            0
        ),
        (
            "rcpt",
            new
            {
                provider = "smtp",
                at = "rcpt",
                drop = "beforeRequest",
                times = Times,
            },
            "transient",
            0
        ),
        (
            "data",
            new
            {
                provider = "smtp",
                at = "data",
                drop = "beforeRequest",
                times = Times,
            },
            "transient",
            0
        ),
        (
            "data421",
            new
            {
                provider = "smtp",
                at = "data",
                status = 421,
                code = "4.3.2 Closing",
                times = Times,
            },
            "transient",
            0
        ),
        (
            "content",
            new
            {
                provider = "smtp",
                at = "dot",
                drop = "beforeRequest",
                times = Times,
            },
            "transient or ambiguous",
            0
        ), // while the content is on its way: whether the end was sent is chance
        (
            "end",
            new
            {
                provider = "smtp",
                at = "dot",
                drop = "afterRequest",
                times = Times,
            },
            "ambiguous",
            1
        ),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F29")]
    public async Task Every_stage_has_its_class_and_only_a_lost_answer_to_the_end_makes_a_second_mail()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F29-stages", 30);
        var (twice, met) = (0, new List<(string Name, object Value)>());
        foreach (var stage in s_stages)
        {
            var parcels = run.Emails();
            await run.Sandbox.MisbehaveAsync(stage.Behaviour, Cancel);
            await run.Load.PostBatchesAsync(parcels, 100, Cancel);
            var faults = await FaultsAsync(run, parcels, stage.Name, stage.Outcome);
            var applied = await AppliedAsync(run);
            await run.Sandbox.BehaveAsync("smtp", null, Cancel);
            // A session that stands already opens no connection: how many meet a fault of opening one is chance, and printed.
            Assert.InRange(applied, stage.Name.StartsWith("connect", StringComparison.Ordinal) || stage.Name == "ehlo" ? 0 : 1, Times);
            Assert.True(faults <= applied, $"At {stage.Name} {faults} calls ended as {stage.Outcome}, {applied} met the fault.");
            met.Add((stage.Name, $"{applied}/{faults}"));
            twice += applied * stage.Twice;
        }
        run.FaultEnded();
        var balance = await run.EndAsync([("expectedTwice", twice), .. met]);

        Assert.Equal(twice, balance.Duplicates);
    }

    [FaultFact("F29")]
    public async Task One_recipient_of_fifty_who_is_put_off_keeps_no_other_waiting()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F29-recipients", 50);
        var addresses = Enumerable.Range(0, run.Count).Select(_ => Requests.NewEmail()).ToArray();
        var putOff = run.Draw(addresses);
        await run.Sandbox.MisbehaveAsync(
            new
            {
                provider = "smtp",
                address = putOff,
                status = 451,
                code = "4.7.1 Greylisted",
                times = 1,
            },
            Cancel
        );

        var request = new
        {
            recipients = addresses.Select(email => new { email }),
            message = new { title = "Hello", body = "It works." },
            category = run.Category,
        };
        await run.Load.PostEachAsync([new Parcel("email", putOff, request)], 1, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(("recipients", addresses.Length));

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal(("sent", row.Address == putOff ? 2 : 1), (row.State, row.Calls)));
        Assert.Equal(addresses.Length, balance.Rows.Count);
    }

    /// <summary>How many sessions met the behaviour.</summary>
    private static async Task<int> AppliedAsync(FaultRun run)
    {
        using var http = run.Notify.Application.CreateHttpClient("sandbox", "http");
        var behaviours = (await http.GetFromJsonAsync<JsonArray>("/sandbox/behaviours", Cancel))!;
        return behaviours.Single(behaviour => behaviour!["provider"]!.GetValue<string>() == "smtp" && behaviour["address"] is null)![
            "applied"
        ]!.GetValue<int>();
    }

    /// <summary>How many calls ended in the class; every other was good, or was not made because the faults before it had opened the
    /// breaker.</summary>
    private static async Task<int> FaultsAsync(FaultRun run, Parcel[] parcels, string stage, string outcome)
    {
        var addresses = parcels.Select(parcel => parcel.Address).ToHashSet();
        var outcomes = new List<string>();
        foreach (var (id, _) in run.Load.Accepted.Where(entry => addresses.Contains(entry.Value.Address)))
            outcomes.AddRange(
                (await run.Notify.Api.WhenAllAreAsync(id, "sent", Cancel))
                    .Deliveries.Single()
                    .Attempts.Select(attempt => attempt.Outcome)
                    .Where(seen => seen != "not_called")
            );
        Assert.True(
            outcomes.All(seen => outcome.Contains(seen, StringComparison.Ordinal) || seen == "sent"),
            $"At {stage}: {string.Join(", ", outcomes.Distinct())}."
        );
        return outcomes.Count(seen => seen != "sent");
    }
}
