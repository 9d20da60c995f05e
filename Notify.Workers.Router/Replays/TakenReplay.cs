using System.Text.Json;
using Notify.Core.DeadLetters;
using Npgsql;

namespace Notify.Workers.Router.Replays;

/// <summary>A replay that is held for one step. <see cref="Selection"/> is null where this version cannot read it.</summary>
internal sealed record TakenReplay(
    string Tenant,
    Guid Id,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    ReplaySelection? Selection,
    int RatePerSecond,
    bool IncludeAmbiguous,
    DateTimeOffset NextAt,
    DateTimeOffset? CursorAt,
    Guid? CursorId
)
{
    public const string Columns =
        "tenant_id, replay_id, created_at, created_by, selection::text, rate_per_second, include_ambiguous, next_at, cursor_at, cursor_id";

    // A step is a tenth of a second's worth, and few enough for one short transaction; of long records it takes fewer.
    private const int MaxStep = 200;

    /// <summary>What a stall may leave to be caught up with at once.</summary>
    private static readonly TimeSpan MaxBurst = TimeSpan.FromSeconds(1);

    /// <summary>Letters of one step.</summary>
    public int Step => Math.Clamp(RatePerSecond / 10, 1, MaxStep);

    /// <summary>When the next step may be taken, after this many letters at <paramref name="now"/>.</summary>
    public DateTimeOffset NextAfter(int letters, DateTimeOffset now) =>
        (NextAt > now - MaxBurst ? NextAt : now - MaxBurst) + TimeSpan.FromSeconds((double)letters / RatePerSecond);

    public static TakenReplay Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetGuid(1),
            row.GetFieldValue<DateTimeOffset>(2),
            row.GetString(3),
            SelectionOf(row.GetString(4)),
            row.GetInt32(5),
            row.GetBoolean(6),
            row.GetFieldValue<DateTimeOffset>(7),
            row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
            row.IsDBNull(9) ? null : row.GetGuid(9)
        );

    private static ReplaySelection? SelectionOf(string text)
    {
        try
        {
            var selection = JsonSerializer.Deserialize(text, DeadLetterJson.Default.ReplaySelection);
            return selection is { Ids: null, Filter: null } ? null : selection; // which would be every letter of the tenant
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
