using Notify.Core.DeadLetters;

namespace Notify.Workers.Router.Replays;

/// <summary>The statements of a replay's step.</summary>
internal static class ReplaySql
{
    // The row lock is the lease: it ends with the connection. A router that fell silent without closing it is cut off after a minute.
    public const string TakeReplay = $"""
        SELECT {TakenReplay.Columns} FROM replays
         WHERE state = 'running' AND next_at <= @now
         ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED
        """;

    // What was open when the replay was made, so that what another replay takes first meanwhile is reached and counted too. Letters are
    // locked in one order everywhere. Of long records a step takes as many as it may hold.
    public const string TakeLetters = $"""
        SELECT * FROM (
            SELECT l.*, sum(octet_length(l.record_value)) OVER before AS bytes_before
              FROM (
                SELECT {TakenLetter.Columns} FROM dead_letters l
                 WHERE {DeadLetterFilter.Where}
                   AND l.created_at <= @until
                   AND (@ids IS NULL OR l.dead_letter_id = ANY(@ids))
                   AND (@ids IS NOT NULL OR l.state = 'open' OR l.replayed_at >= @until)
                   AND (@after IS NULL OR (l.created_at, l.dead_letter_id) > (@after, @after_id))
                 ORDER BY l.created_at, l.dead_letter_id LIMIT @limit FOR UPDATE) l
            WINDOW before AS (ORDER BY l.created_at, l.dead_letter_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) s
         WHERE coalesce(s.bytes_before, 0) < @max_bytes
         ORDER BY s.created_at, s.dead_letter_id
        """;

    public const string Mark = """
        UPDATE dead_letters SET state = 'replayed', last_replay_id = @replay, replayed_at = clock_timestamp()
         WHERE tenant_id = @tenant AND dead_letter_id = ANY(@ids)
        """;

    public const string Stop = "UPDATE replays SET state = 'stopped' WHERE tenant_id = @tenant AND replay_id = @replay";

    public const string Advance = """
        UPDATE replays
           SET matched = matched + @matched, replayed = replayed + @replayed, skipped = skipped + @matched - @replayed, next_at = @next,
               cursor_at = coalesce(@cursor_at, cursor_at), cursor_id = coalesce(@cursor_id, cursor_id),
               state = CASE WHEN @done THEN 'done' ELSE state END, finished_at = CASE WHEN @done THEN now() END
         WHERE tenant_id = @tenant AND replay_id = @replay
        """;
}
