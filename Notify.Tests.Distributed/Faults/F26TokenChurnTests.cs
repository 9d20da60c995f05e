using System.Collections.Concurrent;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A third of the tokens is dead, and some are registered again while the provider is just calling them dead.</summary>
[Collection(FaultTests.Name)]
public sealed class F26TokenChurnTests(FaultApp app, ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int SlowMs = 4_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F26")]
    public async Task A_dead_token_is_called_once_more_at_most_and_one_registered_again_stays_alive()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F26", 60);
        var people = Enumerable
            .Range(0, run.Count)
            .Select(index => new Person(
                Requests.NewRecipient(),
                Requests.NewFcmToken(),
                (index % 10) switch
                {
                    < 3 => Fate.Dead,
                    3 => Fate.Renewed,
                    _ => Fate.Alive,
                }
            ))
            .ToArray();
        await EachAsync(people, async person =>
        {
            await run.Notify.Api.PutAsync($"/v1/recipients/{person.Id}", new { }, Cancel);
            await RegisterAsync(run, person);
            if (person.Fate == Fate.Dead)
                await run.Sandbox.MisbehaveAsync(
                    new
                    {
                        provider = "fcm",
                        address = person.Token,
                        code = "UNREGISTERED",
                    },
                    Cancel
                );
            if (person.Fate == Fate.Renewed)
                await run.Sandbox.MisbehaveAsync(
                    new
                    {
                        provider = "fcm",
                        address = person.Token,
                        code = "UNREGISTERED",
                        latencyMs = SlowMs,
                        times = 1,
                    },
                    Cancel
                );
        });

        for (var round = 0; round < Rounds; round++)
        {
            var ids = new ConcurrentBag<Guid>();
            await EachAsync(people, async person => ids.Add(await run.Notify.Api.AcceptedAsync(RequestTo(person, run.Category), Cancel)));
            if (round == 0)
            {
                // All of their calls have begun: a registration during the call, not before it.
                var slow = people.Where(person => person.Fate == Fate.Renewed).Select(person => person.Token).ToHashSet();
                await Until.GetAsync(
                    async () =>
                        (await run.Accounting.RowsAsync(Cancel)).Count(row => row.State == "sending" && slow.Contains(row.Address!))
                        == slow.Count
                            ? ""
                            : null,
                    _ => "the slow calls are on their way",
                    Cancel
                );
                await Task.Delay(SlowMs / 4, Cancel);
                await EachAsync(people.Where(person => person.Fate == Fate.Renewed), person => RegisterAsync(run, person));
            }
            foreach (var id in ids)
                await run.Notify.Api.WhenAllAsync(id, delivery => delivery.State is not ("queued" or "sending" or "waiting"), Cancel);
        }
        run.FaultEnded();
        var balance = await run.Accounting.BalanceAsync(run.Load.Accepted, Cancel);
        var calls = balance
            .Rows.Where(row => row.Address is not null)
            .GroupBy(row => row.Address!)
            .ToDictionary(group => group.Key, group => group.Sum(row => row.Calls));
        var (dead, renewed) = (
            people.Where(person => person.Fate == Fate.Dead).ToList(),
            people.Where(person => person.Fate == Fate.Renewed).ToList()
        );
        var expected = people.ToDictionary(
            person => person.Token,
            person =>
                person.Fate switch
                {
                    Fate.Alive => Rounds,
                    Fate.Renewed => Rounds - 1,
                    _ => 0,
                }
        );
        var duplicates = expected.Sum(person => Math.Max(0, balance.Arrived.GetValueOrDefault(person.Key) - person.Value));
        var missing = expected.Sum(person => Math.Max(0, person.Value - balance.Arrived.GetValueOrDefault(person.Key)));
        var open = balance.Rows.Count(row => !row.IsFinal);
        run.Report(
            run.Account(
                people.Length * Rounds,
                open + missing,
                duplicates,
                0,
                ("dead", dead.Count),
                ("callsToDead", dead.Sum(person => calls.GetValueOrDefault(person.Token))),
                ("mostCallsToOneDead", dead.Max(person => calls.GetValueOrDefault(person.Token))),
                ("renewed", renewed.Count),
                ("renewedReached", renewed.Count(person => balance.Arrived.GetValueOrDefault(person.Token) == Rounds - 1))
            )
        );

        Assert.Equal((0, 0, 0), (open, missing, duplicates));
        Assert.All(dead, person => Assert.InRange(calls.GetValueOrDefault(person.Token), 1, 2));
    }

    private static object RequestTo(Person person, string category) =>
        new
        {
            recipients = new[] { person.Id },
            channels = new[] { "push" },
            message = new { title = "Hello", body = "It works." },
            category,
        };

    private static Task RegisterAsync(FaultRun run, Person person) =>
        run.Notify.Api.PutAsync($"/v1/recipients/{person.Id}/devices/phone", new { token = person.Token, platform = "fcm" }, Cancel);

    private static Task EachAsync(IEnumerable<Person> people, Func<Person, Task> work) =>
        Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (person, _) =>
            await work(person)
        );

    private enum Fate
    {
        Alive,
        Dead,
        Renewed,
    }

    private sealed record Person(string Id, string Token, Fate Fate);
}
