using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.Deliveries.Rows;
using Npgsql;

namespace Notify.Sending.Lanes;

/// <summary>
/// Renews the claims of sends that take long, so that nobody takes a delivery for abandoned while its call still runs, and removes those
/// whose outcomes are all written. A claim of which one outcome could not be written is left to lapse: that brings the delivery back.
/// </summary>
public sealed partial class ClaimKeeper(
    NpgsqlDataSource database,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger<ClaimKeeper> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Guid, Held> _held = new();
    private readonly ConcurrentQueue<Guid> _ended = new();

    /// <summary>So many calls run under this claim.</summary>
    public void Keep(Guid claim, int calls) => _held[claim] = new(calls, time.GetUtcNow());

    /// <summary>One of them ended.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="written">Whether what it came to is written.</param>
    public void Ended(Guid claim, bool written)
    {
        if (!_held.TryGetValue(claim, out var held) || !held.End(written))
            return;
        _held.TryRemove(claim, out _);
        if (held.AllWritten)
            _ended.Enqueue(claim);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RemoveAsync(stoppingToken);
                await RenewAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What ends after this moment lapses, and has nothing to give back.
        }
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var ended = new List<Guid>(_ended.Count);
        while (_ended.TryDequeue(out var claim))
            ended.Add(claim);
        if (ended.Count > 0)
            await TryAsync(() => HeldClaims.RemoveAsync(database, ended, cancellationToken), ended.Count);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var old = now - options.Value.Lease / 4; // so that three more tries are left where one fails
        var running = _held.Where(held => held.Value.RenewedAt <= old).ToList();
        if (
            running.Count > 0
            && await TryAsync(
                () => HeldClaims.RenewAsync(database, [.. running.Select(held => held.Key)], options.Value.Lease, cancellationToken),
                running.Count
            )
        )
            running.ForEach(held => held.Value.RenewedAt = now);
    }

    private async Task<bool> TryAsync(Func<Task> work, int claims)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
        {
            Log.Later(logger, claims, fault.GetType().Name);
            return false;
        }
    }

    private sealed class Held(int calls, DateTimeOffset since)
    {
        private int _running = calls;
        private int _unwritten;

        /// <summary>When its lease began the last time.</summary>
        public DateTimeOffset RenewedAt { get; set; } = since;

        public bool AllWritten => Volatile.Read(ref _unwritten) == 0;

        /// <summary>Whether it was the last.</summary>
        public bool End(bool written)
        {
            if (!written)
                Interlocked.Increment(ref _unwritten);
            return Interlocked.Decrement(ref _running) == 0;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} claims could not be renewed or removed ({Fault}); trying again.")]
        public static partial void Later(ILogger logger, int count, string fault);
    }
}
