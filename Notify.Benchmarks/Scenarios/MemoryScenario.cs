using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>Resident memory: of every service at rest, and the most that an email worker ever takes while it drains a backlog, and one four
/// times as long.</summary>
internal static class MemoryScenario
{
    public const string AtRest = "at rest, 15 s after start";
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using (var system = await NotifySystem.StartAsync(Services.All, context.Options.Settings, cancellationToken))
        {
            await Task.Delay(Rest, cancellationToken);
            var costs = new ProcessCosts(system.ProcessesOf(Services.All));
            context.Report.Add(
                Row(context, AtRest, 1, 0, costs.Memory(peak: false), []) with
                {
                    Figures = costs.OwnMemory().ToDictionary(one => $"{one.Key} {Measurement.OwnMegabytes}", one => one.Value),
                }
            );
        }
        var count = context.Backlog(DrainScenario.DefaultCount);
        await using var infrastructure = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        await using var sink = await DrainScenario.OpenSinkAsync(Channel.Email, cancellationToken);
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            foreach (var backlog in new[] { Math.Max(1, count / 4), count })
            {
                var result = await new DrainRun(context, infrastructure, Channel.Email, sink).RunAsync(
                    backlog,
                    probes: null,
                    beside: null,
                    cancellationToken
                );
                context.Report.Add(Row(context, $"peak while draining {backlog:N0} mails", round, backlog, result.Memory, result.Faults));
            }
        }
    }

    private static Measurement Row(
        ScenarioContext context,
        string subject,
        int round,
        int count,
        Dictionary<string, double> memory,
        IReadOnlyList<string> faults
    ) =>
        new()
        {
            Scenario = context.Name,
            Subject = subject,
            Round = round,
            Unit = "deliveries",
            Count = count,
            Memory = memory,
            Faults = faults,
        };
}
