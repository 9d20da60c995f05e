using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Notify.Core.Deliveries;
using Notify.Core.Routing;
using Npgsql;

namespace Notify.Sending.Outcomes;

/// <summary>
/// Writes outcomes together: one statement for everything that finished while the previous one was on its way, and under load in a few
/// milliseconds more; in quiet none waits.
/// </summary>
public sealed partial class OutcomeWriter : IAsyncDisposable
{
    private const int MaxBatch = 500;
    private const int Load = 16;

    /// <summary>Batches whose invalidations may be on their way at once: so many are written while a Redis that hangs is waited
    /// for.</summary>
    internal const int MaxInvalidating = 16;

    private static readonly TimeSpan GatherPause = TimeSpan.FromMilliseconds(4);
    private readonly Channel<Pending> _queue = System.Threading.Channels.Channel.CreateUnbounded<Pending>();
    private readonly CancellationTokenSource _abandon = new();
    private readonly OutcomeBatch _statements;
    private readonly ProfileCache _profiles;
    private readonly TimeProvider _time;
    private readonly ILogger<OutcomeWriter> _logger;
    private readonly Task _writing;

    public OutcomeWriter(
        NpgsqlDataSource database,
        ProfileCache profiles,
        DeliveryMetrics metrics,
        TimeProvider time,
        ILogger<OutcomeWriter> logger
    )
    {
        (_statements, _profiles, _time, _logger) = (new(database, metrics, time, logger), profiles, time, logger);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Ends when the outcome is committed; false where Postgres will not take it.</summary>
    public Task<bool> WriteAsync(SettledAttempt attempt)
    {
        var pending = new Pending(attempt);
        _queue.Writer.TryWrite(pending); // unbounded: false only after disposal, when nobody sends any more
        return pending.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _abandon.CancelAfter(TimeSpan.FromSeconds(5)); // what cannot be written then is claimed again after its lease
        await _writing;
        _abandon.Dispose();
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<Pending>(MaxBatch);
        var invalidating = new Queue<Task>(MaxInvalidating);
        while (await _queue.Reader.WaitToReadAsync())
        {
            if (batch.Count >= Load && _queue.Reader.Count < MaxBatch)
                await Task.Delay(GatherPause, _time);
            batch.Clear();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var pending))
                batch.Add(pending);
            var attempts = batch.ConvertAll(pending => pending.Attempt);
            try
            {
                var refused = await _statements.WriteAsync(attempts, _abandon.Token);
                // committed is written: a Redis that hangs is no reason to wait
                Tell(batch, refused);
                await BeginInvalidatingAsync(attempts, invalidating);
            }
            catch (OperationCanceledException)
            {
                batch.ForEach(pending => pending.TrySetCanceled());
            }
            // Whoever waits for the outcome gets the fault and ends its loop aloud; a writer that ended here would leave every lane standing in
            // silence.
#pragma warning disable CA1031
            catch (Exception fault)
#pragma warning restore CA1031
            {
                batch.ForEach(pending => pending.TrySetException(fault));
            }
        }
        await Task.WhenAll(invalidating);
    }

    /// <summary>
    /// Sends the invalidations of a batch together and goes on without their end, which nobody relies on: the committed rows could be read
    /// before it anyway. It waits, for a call's limit at most, only where those of <see cref="MaxInvalidating"/> batches before have not
    /// ended, so that they cannot pile up.
    /// </summary>
    private async Task BeginInvalidatingAsync(List<SettledAttempt> attempts, Queue<Task> invalidating)
    {
        var changed = attempts
            .Where(attempt => attempt.DeadDevice is not null)
            .Select(attempt => (attempt.Key.Tenant, attempt.DeadDevice!.RecipientId))
            .Distinct()
            .ToList();
        if (changed.Count == 0)
            return;
        while (invalidating.TryPeek(out var oldest) && (oldest.IsCompleted || invalidating.Count >= MaxInvalidating))
            await invalidating.Dequeue();
        invalidating.Enqueue(InvalidateAsync(changed));
    }

    /// <summary>Never faults: what is lost here is served until its time in the cache is over, as where Redis is away.</summary>
    private async Task InvalidateAsync(List<(string Tenant, string RecipientId)> changed)
    {
        try
        {
            await Task.WhenAll(changed.Select(recipient => _profiles.InvalidateAsync(recipient.Tenant, recipient.RecipientId)));
        }
#pragma warning disable CA1031 // The outcomes are committed and reported: whatever this is, it must not end the writer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotInvalidated(_logger, changed.Count, fault.GetType().Name);
        }
    }

    /// <summary>
    /// Says to all of a batch that it is written, one after the other on one thread of the pool: what each does then is short, and the next
    /// batch does not wait for it.
    /// </summary>
    private static void Tell(List<Pending> batch, IReadOnlyList<SettledAttempt> refused) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static told =>
            {
                foreach (var pending in told.Batch)
                    pending.TrySetResult(told.Refused.Count == 0 || !told.Refused.Contains(pending.Attempt));
            },
            (Batch: batch.ToArray(), Refused: refused),
            preferLocal: false
        );

    private sealed class Pending(SettledAttempt attempt) : TaskCompletionSource<bool>
    {
        public SettledAttempt Attempt => attempt;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Count} profiles with a disabled device could not be invalidated ({Fault}); the Router may use them for a minute more."
        )]
        public static partial void NotInvalidated(ILogger logger, int count, string fault);
    }
}
