using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Providers;

namespace Notify.Sending.Providers;

/// <summary>Says how this process finds its providers: at once when that changes, and every few seconds, so that silence is noticed
/// too.</summary>
public sealed partial class ProviderReporter(
    Channel channel,
    IProviderStandings providers,
    ProviderStatusStore store,
    ProviderMetrics metrics,
    TimeProvider time,
    ILogger<ProviderReporter> logger
) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Interval = ProviderStatusStore.ReportInterval;
    private readonly string _instance = $"{Environment.MachineName}/{Environment.ProcessId}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<ProviderStanding> said = [];
        var saidAt = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Look, time);
        do
        {
            var standing = providers.Standing;
            metrics.Observe(channel, standing);
            if (said.Select(NewsOf).SequenceEqual(standing.Select(NewsOf)) && time.GetUtcNow() - saidAt < Interval)
                continue;
            foreach (var entry in standing)
            {
                if (said.FirstOrDefault(before => before.Provider == entry.Provider) is { } before && NewsOf(before) != NewsOf(entry))
                    Tell(before, entry);
            }
            try
            {
                await store.ReportAsync(channel, _instance, standing, providers.PausedUntil is not null, stoppingToken);
                (said, saidAt) = (standing, time.GetUtcNow());
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
            {
                Log.Later(logger, channel, fault.GetType().Name);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Tell(ProviderStanding before, ProviderStanding now)
    {
        if (now.IsSilent && !before.IsSilent)
            Log.Silent(logger, now.Provider);
        else
            Log.Changed(logger, now.Provider, now.State, now.Cause);
    }

    private static (string, string?, bool) NewsOf(ProviderStanding entry) =>
        (entry.State, entry.State == ProviderStanding.Partial ? entry.Cause : null, entry.IsSilent);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Provider {Provider} does not answer: calls are overdue by its usual latency, and others are asked first."
        )]
        public static partial void Silent(ILogger logger, string provider);

        [LoggerMessage(LogLevel.Warning, "Provider {Provider} is {State} ({Cause}).")]
        public static partial void Changed(ILogger logger, string provider, string state, string? cause);

        [LoggerMessage(LogLevel.Debug, "The state of {Channel}'s providers could not be reported ({Fault}); trying again.")]
        public static partial void Later(ILogger logger, Channel channel, string fault);
    }
}
