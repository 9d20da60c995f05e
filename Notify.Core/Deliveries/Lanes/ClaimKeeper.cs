using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Data;

namespace Notify.Core.Deliveries.Lanes;

/// <summary>Renews the leases of sends that take long, so that nobody takes a delivery for abandoned while its call still runs.</summary>
public sealed partial class ClaimKeeper(DeliveryStore store, IOptions<DeliveryOptions> options, TimeProvider time, ILogger<ClaimKeeper> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, (DeliveryKey Key, Claim Claim, DateTimeOffset Since)> _held = new();

    public void Keep(DeliveryKey key, Claim claim) => _held[key.Id] = (key, claim, time.GetUtcNow());

    public void Forget(DeliveryKey key) => _held.TryRemove(key.Id, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.Lease / 4;
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var old = time.GetUtcNow() - interval;
            var running = _held.Values.Where(held => held.Since <= old).Select(held => (held.Key, held.Claim)).ToList();
            if (running.Count == 0)
                continue;
            try
            {
                await store.RenewAsync(running, options.Value.Lease, stoppingToken);
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
            {
                Log.Later(logger, running.Count, fault.GetType().Name);   // three more tries before the leases end
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The leases of {Count} running sends could not be renewed ({Fault}); trying again.")]
        public static partial void Later(ILogger logger, int count, string fault);
    }
}
