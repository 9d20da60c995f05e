using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Core.Deliveries;

namespace Notify.Sending.SelfChecks;

/// <summary>Checks every so often. Where the first one falls is left to chance, so that processes that start together do not check
/// together.</summary>
internal sealed class SelfCheckLoop(SelfCheck check, IOptions<SelfCheckOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!check.IsOn)
            return;
        await Task.Delay(options.Value.Interval * Jitter.Next(), time, stoppingToken);
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        do
        {
            await check.RunAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
