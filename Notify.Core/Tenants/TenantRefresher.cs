using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.Core.Data;

namespace Notify.Core.Tenants;

/// <summary>Keeps what is known of tenants fresh for those who must not wait for Postgres. While it is away, what was known goes on
/// counting.</summary>
public sealed partial class TenantRefresher(TenantDirectory tenants, TimeProvider time, ILogger<TenantRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1); // the directory itself reads every five

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await tenants.RefreshAsync(stoppingToken);
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
            {
                Log.Later(logger, fault.GetType().Name);
            }
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Reading the tenants waits ({Fault}); trying again.")]
        public static partial void Later(ILogger logger, string fault);
    }
}
