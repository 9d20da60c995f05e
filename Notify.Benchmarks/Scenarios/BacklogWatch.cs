using System.Diagnostics;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;

namespace Notify.Benchmarks.Scenarios;

/// <summary>Follows a backlog from its first message at the provider to its last outcome row, and what that costs.</summary>
/// <param name="system">Where the backlog is.</param>
/// <param name="services">Those that were started to drain it.</param>
/// <param name="warmUp">So many of the first messages are not measured.</param>
/// <param name="hasRows">Whether there are delivery rows, which have to be settled.</param>
internal sealed class BacklogWatch(NotifySystem system, IReadOnlyList<ServiceProcess> services, int warmUp = 0, bool hasRows = true)
{
    private static readonly TimeSpan FirstLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <param name="backlog">What is to arrive.</param>
    /// <param name="beside">Runs from the first message on, until its token says that the backlog is gone.</param>
    /// <param name="cancellationToken">The run's own.</param>
    public async Task<DrainResult> FollowAsync(Arrivals backlog, Func<CancellationToken, Task>? beside, CancellationToken cancellationToken)
    {
        var own = services.ToDictionary(service => service.Name, service => service.Id);
        var costs = new ProcessCosts(system.ProcessesOf(Services.All).Concat(own).ToDictionary());
        await Waiting.UntilAsync(
            () => ValueTask.FromResult(Alive() && backlog.First != 0),
            Poll,
            FirstLimit,
            "the first message of the backlog",
            cancellationToken
        );
        await ArrivedAsync(backlog, warmUp, cancellationToken);
        var (since, before) = (warmUp == 0 ? backlog.First : Stopwatch.GetTimestamp(), warmUp == 0 ? 0 : backlog.Distinct);
        var (cpuBefore, countersBefore) = (costs.Take(), await CountersAsync(cancellationToken));
        var logBefore = await DatabaseLog.BytesAsync(system.Rows, cancellationToken);

        using var drained = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var besides = beside?.Invoke(drained.Token) ?? Task.CompletedTask;
        await ArrivedAsync(backlog, backlog.Expected, cancellationToken);
        if (hasRows)
            await SettledAsync(cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        var count = Math.Max(1, backlog.Expected - before);
        var cpu = costs.Since(cpuBefore, count);
        var counters = await CountersAsync(cancellationToken);
        var log = await DatabaseLog.BytesAsync(system.Rows, cancellationToken) - logBefore;
        var memory = new ProcessCosts(own).Memory(peak: true);
        await drained.CancelAsync();
        await besides;
        return new(
            count,
            seconds,
            cpu,
            memory,
            counters.ToDictionary(
                one => one.Key,
                one => (one.Value.AllocatedBytes - countersBefore[one.Key].AllocatedBytes) / (double)count
            ),
            counters.Sum(one => one.Value.CompilingSince(countersBefore[one.Key], count)),
            hasRows ? log / (double)count : 0,
            hasRows ? await OutcomeTransactions.RowsEachAsync(system.Rows, cancellationToken) : null,
            backlog.PausesOver(Pause).Sum(pause => pause.TotalSeconds),
            [.. backlog.Faults(), .. hasRows ? await NotSentAsync(backlog.Expected, cancellationToken) : []]
        );
    }

    private bool Alive()
    {
        foreach (var service in services)
            service.ThrowIfEnded();
        return true;
    }

    private async Task<Dictionary<string, ServiceCounters>> CountersAsync(CancellationToken cancellationToken)
    {
        var counters = new Dictionary<string, ServiceCounters>();
        foreach (var service in services)
            counters[service.Name] = await service.CountersAsync(cancellationToken);
        return counters;
    }

    /// <summary>Until so many have arrived, or nothing more comes.</summary>
    private async Task ArrivedAsync(Arrivals backlog, int wanted, CancellationToken cancellationToken)
    {
        var (seen, at) = (0, Stopwatch.GetTimestamp());
        while (Alive() && backlog.Distinct < wanted && Stopwatch.GetElapsedTime(at) < StallLimit)
        {
            if (backlog.Distinct > seen)
                (seen, at) = (backlog.Distinct, Stopwatch.GetTimestamp());
            await Task.Delay(Poll, cancellationToken);
        }
    }

    private async Task SettledAsync(CancellationToken cancellationToken)
    {
        await using var open = system.Rows.CreateCommand(
            $"SELECT EXISTS (SELECT FROM deliveries WHERE tenant_id = '{SeedPlan.Tenant}' AND state IN ('queued', 'sending', 'waiting'))"
        );
        var started = Stopwatch.GetTimestamp();
        while ((bool)(await open.ExecuteScalarAsync(cancellationToken))! && Stopwatch.GetElapsedTime(started) < SettleLimit)
            await Task.Delay(Poll, cancellationToken);
    }

    private async Task<IEnumerable<string>> NotSentAsync(int count, CancellationToken cancellationToken)
    {
        var states = await SeedTables.StatesAsync(system.Rows, cancellationToken);
        return states.Count == 1 && states.GetValueOrDefault("sent") == count
            ? []
            : [$"of {count:N0} rows: {string.Join(", ", states.Select(state => $"{state.Value:N0} {state.Key}"))}"];
    }
}
