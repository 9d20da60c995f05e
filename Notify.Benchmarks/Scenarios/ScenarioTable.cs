using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>The scenarios by name, in the order in which <c>all</c> runs them.</summary>
internal static class ScenarioTable
{
    private static readonly Dictionary<string, Func<ScenarioContext, CancellationToken, Task>> s_scenarios = new()
    {
        ["accept"] = (context, stop) => AcceptScenario.RunAsync(context, batchSize: 1, stop),
        ["accept-batch"] = (context, stop) => AcceptScenario.RunAsync(context, batchSize: 100, stop),
        ["latency"] = LatencyScenario.RunAsync,
        ["latency-drain"] = LatencyDrainScenario.RunAsync,
        ["neighbours"] = NeighboursScenario.RunAsync,
        ["route"] = RouteScenario.RunAsync,
        ["route-consent"] = RouteScenario.RunConsentAsync,
        ["drain-none"] = DrainScenario.RunIdleAsync,
        ["drain-email"] = (context, stop) => DrainScenario.RunAsync(context, Channel.Email, stop),
        ["drain-push"] = (context, stop) => DrainScenario.RunAsync(context, Channel.Push, stop),
        ["drain-sms"] = (context, stop) => DrainScenario.RunAsync(context, Channel.Sms, stop),
        ["drain-email-through-router"] = (context, stop) => RoutedDrainScenario.RunAsync(context, Channel.Email, stop),
        ["drain-push-through-router"] = (context, stop) => RoutedDrainScenario.RunAsync(context, Channel.Push, stop),
        ["rows"] = RowsScenario.RunAsync,
        ["layouts"] = LayoutsScenario.RunAsync,
        ["due"] = DueScenario.RunAsync,
        ["memory"] = MemoryScenario.RunAsync,
    };

    public static IReadOnlyCollection<string> Names => s_scenarios.Keys;

    public static Func<ScenarioContext, CancellationToken, Task> Find(string name) => s_scenarios[name];
}
