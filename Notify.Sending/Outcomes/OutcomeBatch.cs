using Microsoft.Extensions.Logging;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Npgsql;

namespace Notify.Sending.Outcomes;

/// <summary>
/// Writes outcomes in one statement. Where Postgres refuses it for what one of them contains, that one is found by writing halves, and the
/// others are written: their messages went out, and left unwritten all of them would go out again.
/// </summary>
internal sealed partial class OutcomeBatch(NpgsqlDataSource database, DeliveryMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends when everything is written that Postgres takes, and says what it does not take; waits for a database that is
    /// away.</summary>
    public async Task<IReadOnlyList<SettledAttempt>> WriteAsync(IReadOnlyList<SettledAttempt> attempts, CancellationToken abandon)
    {
        try
        {
            await WriteTogetherAsync(attempts, abandon);
            return [];
        }
        catch (Exception fault) when (DatabaseFaults.ConcernsRow(fault))
        {
            if (attempts.Count == 1)
                return await WritePlainAsync(attempts[0], fault, abandon) ? [] : attempts;
            var half = attempts.Count / 2;
            return [.. await WriteAsync([.. attempts.Take(half)], abandon), .. await WriteAsync([.. attempts.Skip(half)], abandon)];
        }
    }

    private async Task WriteTogetherAsync(IReadOnlyList<SettledAttempt> attempts, CancellationToken abandon)
    {
        var again = false;
        while (true)
        {
            try
            {
                var superseded = attempts.Count - await SettleRows.SettleAsync(database, attempts, abandon);
                if (superseded > 0 && !again) // after a fault they may be our own, written the first time
                {
                    metrics.Superseded(superseded);
                    Log.Superseded(logger, superseded);
                }
                return;
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault) && !abandon.IsCancellationRequested)
            {
                again = true;
                Log.Waiting(logger, attempts.Count, fault.GetType().Name);
                await Task.Delay(RetryPause, time, abandon);
            }
        }
    }

    /// <summary>
    /// The state alone, without what the provider said: that the message went out is what must not be lost. Where even that is refused, the
    /// claim lapses.
    /// </summary>
    private async Task<bool> WritePlainAsync(SettledAttempt attempt, Exception refusal, CancellationToken abandon)
    {
        try
        {
            var call = attempt.Attempt is { } made ? made with { Code = null, Detail = null } : null;
            var plain = attempt with { Attempt = call, ProviderMessageId = null, Segments = null, DeadDevice = null };
            await WriteTogetherAsync([plain], abandon);
            metrics.Refused(isLost: false);
            Log.Plain(logger, attempt.Key.Id, NameOf(refusal));
            return true;
        }
        catch (Exception fault) when (DatabaseFaults.ConcernsRow(fault))
        {
            metrics.Refused(isLost: true);
            Log.Lost(logger, attempt.Key.Id, attempt.Transition.State, NameOf(fault));
            return false;
        }
    }

    /// <summary>Postgres' message may quote the row.</summary>
    private static string NameOf(Exception fault) => fault is PostgresException refused ? refused.SqlState : fault.GetType().Name;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Count} outcomes came after their claim had lapsed and are not written: the deliveries may have been sent again."
        )]
        public static partial void Superseded(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "{Count} outcomes wait for Postgres ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, int count, string fault);

        [LoggerMessage(
            LogLevel.Error,
            "Postgres refused the outcome of delivery {DeliveryId} ({Fault}); its state is written without the provider's answer."
        )]
        public static partial void Plain(ILogger logger, Guid deliveryId, string fault);

        [LoggerMessage(
            LogLevel.Error,
            "Postgres refuses the outcome of delivery {DeliveryId} ({Fault}); it is not written as {State}, and the delivery comes "
                + "due again when its claim lapses."
        )]
        public static partial void Lost(ILogger logger, Guid deliveryId, DeliveryState state, string fault);
    }
}
