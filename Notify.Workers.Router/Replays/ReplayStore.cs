using System.Text.Json;
using Notify.Core.Auditing;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Replays;

/// <summary>
/// One step of a replay is one transaction: it holds the replay, then its next letters, releases what may go, and writes down each letter's
/// fate and where the replay stands. A crash gives all of it back; what had been produced by then is produced again with the same ids.
/// </summary>
internal sealed partial class ReplayStore(
    NpgsqlDataSource database,
    LetterProducer producer,
    RoutingMetrics metrics,
    TimeProvider time,
    ILogger<ReplayStore> logger
)
{
    /// <summary>False when no replay is due.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var limit = new NpgsqlCommand("SET LOCAL idle_in_transaction_session_timeout = '60s'", connection))
            await limit.ExecuteNonQueryAsync(cancellationToken);
        if (await TakeReplayAsync(connection, now, cancellationToken) is not { } replay)
            return false;
        if (replay.Selection is not { } selection)
        {
            await StopAsync(connection, replay, now, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        var letters = await TakeLettersAsync(connection, replay, selection, cancellationToken);
        var skipped = new Dictionary<Guid, string>();
        foreach (var letter in letters.Where(letter => !letter.IsReadable))
            skipped[letter.Id] = SkipReasons.Unreadable;
        foreach (var letter in letters.Where(letter => letter.State != DeadLetterStates.Open))
            skipped[letter.Id] = SkipReasons.AlreadyReplayed;
        foreach (
            var letter in letters.Where(letter => letter is { State: DeadLetterStates.Open, Ambiguous: true } && !replay.IncludeAmbiguous)
        )
            skipped[letter.Id] = SkipReasons.Ambiguous;
        await ReleaseAsync(connection, replay, letters, skipped, cancellationToken);
        await producer.ProduceAsync(letters, skipped);
        await WriteAsync(connection, replay, letters, skipped, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var letter in letters)
            metrics.Replayed(letter.Kind, skipped.GetValueOrDefault(letter.Id, "replayed"));
        return true;
    }

    private static async Task<TakenReplay?> TakeReplayAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(ReplaySql.TakeReplay, connection);
        command.Parameters.Add(new("now", now));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? TakenReplay.Read(reader) : null;
    }

    private static async Task<List<TakenLetter>> TakeLettersAsync(
        NpgsqlConnection connection,
        TakenReplay replay,
        ReplaySelection selection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(ReplaySql.TakeLetters, connection);
        command.Parameters.AddRange((selection.Filter ?? new()).Parameters(replay.Tenant).ToArray());
        command.Parameters.Add(new("until", replay.CreatedAt));
        command.Parameters.Add(
            new("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = (object?)selection.Ids?.ToArray() ?? DBNull.Value }
        );
        command.Parameters.Add(new("after", NpgsqlDbType.TimestampTz) { Value = (object?)replay.CursorAt ?? DBNull.Value });
        command.Parameters.Add(new("after_id", NpgsqlDbType.Uuid) { Value = (object?)replay.CursorId ?? DBNull.Value });
        command.Parameters.Add(new("limit", replay.Step));
        command.Parameters.Add(new("max_bytes", RoundLimits.Bytes));
        var letters = new List<TakenLetter>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            letters.Add(TakenLetter.Read(reader));
        return letters;
    }

    /// <summary>Makes dead and failed deliveries due; the row decides, whatever the letter says.</summary>
    private static async Task ReleaseAsync(
        NpgsqlConnection connection,
        TakenReplay replay,
        List<TakenLetter> letters,
        Dictionary<Guid, string> skipped,
        CancellationToken cancellationToken
    )
    {
        var deliveries = letters.FindAll(letter => letter.Kind == DeadLetterKinds.Delivery && !skipped.ContainsKey(letter.Id));
        if (deliveries.Count == 0)
            return;
        var revived = await ReviveRows.ReviveAsync(
            connection,
            deliveries.Select(letter => new DeliveryKey(replay.Tenant, letter.DeliveryId!.Value)),
            cancellationToken
        );
        foreach (var letter in deliveries.Where(letter => !revived.Contains(letter.DeliveryId!.Value)))
            skipped[letter.Id] = SkipReasons.NotDead;
    }

    /// <summary>
    /// What a newer version asked for must not keep this one from anybody's replays: it stands until it is resumed, by a version that can
    /// read it.
    /// </summary>
    private async Task StopAsync(NpgsqlConnection connection, TakenReplay replay, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using (var stop = new NpgsqlCommand(ReplaySql.Stop, connection))
        {
            stop.Parameters.Add(new("tenant", replay.Tenant));
            stop.Parameters.Add(new("replay", replay.Id));
            await stop.ExecuteNonQueryAsync(cancellationToken);
        }
        var details = JsonSerializer.Serialize(new ReplayNote(replay.Id, null, SkipReasons.Unreadable), ReplayJson.Default.ReplayNote);
        await AuditLog.WriteAsync(
            connection,
            replay.Tenant,
            replay.CreatedBy,
            [new(AuditActions.ReplayStopped, replay.Id.ToString(), details)],
            now,
            cancellationToken
        );
        Log.Stopped(logger, replay.Id);
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection,
        TakenReplay replay,
        List<TakenLetter> letters,
        Dictionary<Guid, string> skipped,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var replayed = letters.FindAll(letter => !skipped.ContainsKey(letter.Id));
        await using (var mark = new NpgsqlCommand(ReplaySql.Mark, connection))
        {
            mark.Parameters.Add(new("tenant", replay.Tenant));
            mark.Parameters.Add(new("replay", replay.Id));
            mark.Parameters.Add(new("ids", replayed.ConvertAll(letter => letter.Id).ToArray()));
            await mark.ExecuteNonQueryAsync(cancellationToken);
        }
        var isFull = letters.Sum(letter => (long)(letter.Value?.Length ?? 0)) >= RoundLimits.Bytes;
        var done = letters.Count < replay.Step && !isFull;
        await using (var advance = new NpgsqlCommand(ReplaySql.Advance, connection))
        {
            advance.Parameters.Add(new("tenant", replay.Tenant));
            advance.Parameters.Add(new("replay", replay.Id));
            advance.Parameters.Add(new("matched", letters.Count));
            advance.Parameters.Add(new("replayed", replayed.Count));
            advance.Parameters.Add(new("next", replay.NextAfter(letters.Count, now)));
            advance.Parameters.Add(
                new("cursor_at", NpgsqlDbType.TimestampTz) { Value = letters.Count == 0 ? DBNull.Value : letters[^1].CreatedAt }
            );
            advance.Parameters.Add(new("cursor_id", NpgsqlDbType.Uuid) { Value = letters.Count == 0 ? DBNull.Value : letters[^1].Id });
            advance.Parameters.Add(new("done", done));
            await advance.ExecuteNonQueryAsync(cancellationToken);
        }
        var notes = letters.ConvertAll(letter => NoteOf(replay, letter, skipped.GetValueOrDefault(letter.Id)));
        if (done)
            notes.Add(new(AuditActions.ReplayDone, replay.Id.ToString()));
        await AuditLog.WriteAsync(connection, replay.Tenant, replay.CreatedBy, notes, now, cancellationToken);
    }

    private static AuditNote NoteOf(TakenReplay replay, TakenLetter letter, string? skipped) =>
        new(
            skipped is null ? AuditActions.Replayed : AuditActions.Skipped,
            letter.Id.ToString(),
            JsonSerializer.Serialize(new ReplayNote(replay.Id, letter.DeliveryId, skipped), ReplayJson.Default.ReplayNote)
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "This version cannot read what replay {ReplayId} selects; it is stopped, and can be resumed by a version that can."
        )]
        public static partial void Stopped(ILogger logger, Guid replayId);
    }
}
