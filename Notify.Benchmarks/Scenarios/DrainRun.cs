using System.Diagnostics;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>What one drain came to.</summary>
/// <param name="Seconds">From the first message at the provider to the last outcome committed.</param>
/// <param name="Cpu">Microseconds a delivery, by process, from the first message on.</param>
/// <param name="Memory">The most resident megabytes the worker ever had.</param>
/// <param name="Faults">Empty where every row is sent and every message came once.</param>
internal sealed record DrainResult(double Seconds, Dictionary<string, double> Cpu, Dictionary<string, double> Memory, IReadOnlyList<string> Faults);

/// <summary>Prepares a backlog of queued deliveries, starts the channel's worker on it, and follows it to the last row.</summary>
internal sealed class DrainRun(ScenarioContext context, NotifySystem system, Channel channel, IProviderSink sink)
{
    private static readonly TimeSpan FirstLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <param name="count">Deliveries.</param>
    /// <param name="probes">Messages sent beside the backlog.</param>
    /// <param name="beside">Runs from the first message on, until its token says that the backlog is gone.</param>
    /// <param name="cancellationToken">The run's own.</param>
    public async Task<DrainResult> RunAsync(int count, Arrivals? probes, Func<CancellationToken, Task>? beside, CancellationToken cancellationToken)
    {
        var seeder = new DeliverySeeder(system, context.Time);
        await seeder.SeedAsync(new SeedPlan(channel, count), seen: null, cancellationToken);
        var backlog = new Arrivals(count);
        sink.Expect(backlog, probes);
        var (worker, _) = WorkerProcess.Start(system, channel, sink);
        await using var owned = worker;
        var processes = system.ProcessesOf(Services.All);
        processes[channel.ToName()] = worker.Id;
        var costs = new ProcessCosts(processes);
        await Waiting.UntilAsync(() => ValueTask.FromResult(Alive(worker) && backlog.First != 0), Poll, FirstLimit, "the first message of the backlog", cancellationToken);
        var before = costs.Take();

        using var drained = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var besides = beside?.Invoke(drained.Token) ?? Task.CompletedTask;
        await DrainedAsync(worker, backlog, cancellationToken);
        await SettledAsync(cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(backlog.First).TotalSeconds;
        var cpu = costs.Since(before, count);
        var memory = new ProcessCosts(new Dictionary<string, int> { [channel.ToName()] = worker.Id }).Memory(peak: true);
        await drained.CancelAsync();
        await besides;
        return new(seconds, cpu, memory, [.. backlog.Faults(), .. await NotSentAsync(seeder, count, cancellationToken)]);
    }

    private static bool Alive(OwnedProcess worker)
    {
        worker.ThrowIfEnded();
        return true;
    }

    /// <summary>Until all have arrived, or nothing more comes.</summary>
    private static async Task DrainedAsync(OwnedProcess worker, Arrivals backlog, CancellationToken cancellationToken)
    {
        var (seen, at) = (0, Stopwatch.GetTimestamp());
        while (backlog.Distinct < backlog.Expected && Stopwatch.GetElapsedTime(at) < StallLimit)
        {
            worker.ThrowIfEnded();
            if (backlog.Distinct > seen)
                (seen, at) = (backlog.Distinct, Stopwatch.GetTimestamp());
            await Task.Delay(Poll, cancellationToken);
        }
    }

    private async Task SettledAsync(CancellationToken cancellationToken)
    {
        await using var open = system.Rows.CreateCommand($"SELECT EXISTS (SELECT FROM deliveries WHERE tenant_id = '{SeedPlan.Tenant}' AND state IN ('queued', 'sending', 'waiting'))");
        var started = Stopwatch.GetTimestamp();
        while ((bool)(await open.ExecuteScalarAsync(cancellationToken))! && Stopwatch.GetElapsedTime(started) < SettleLimit)
            await Task.Delay(Poll, cancellationToken);
    }

    private static async Task<IEnumerable<string>> NotSentAsync(DeliverySeeder seeder, int count, CancellationToken cancellationToken)
    {
        var states = await seeder.StatesAsync(cancellationToken);
        return states.GetValueOrDefault("sent") == count ? [] : [$"of {count:N0} rows: {string.Join(", ", states.Select(state => $"{state.Value:N0} {state.Key}"))}"];
    }
}
