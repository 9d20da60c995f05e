using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Workers.Router.Replays;

/// <summary>A letter that a replay has reached, locked for one step.</summary>
internal sealed record TakenLetter(
    Guid Id,
    DateTimeOffset CreatedAt,
    string Kind,
    string State,
    bool Ambiguous,
    Guid? DeliveryId,
    DateTimeOffset? AcceptedAt,
    string? Topic,
    int? Partition,
    long? Offset,
    byte[]? Key,
    string? Headers,
    byte[]? Value
)
{
    public const string Columns =
        "l.dead_letter_id, l.created_at, l.kind, l.state, l.ambiguous, l.delivery_id, l.accepted_at, l.topic, l.partition, l.record_offset, l.record_key, l.record_headers::text, l.record_value";

    // The bounds within which the Router takes a record's own time for its notification's.
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(30);
    private static readonly TimeSpan MaxAhead = TimeSpan.FromHours(1);

    public static TakenLetter Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetFieldValue<DateTimeOffset>(1),
            row.GetString(2),
            row.GetString(3),
            row.GetBoolean(4),
            row.IsDBNull(5) ? null : row.GetGuid(5),
            row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
            row.IsDBNull(7) ? null : row.GetString(7),
            row.IsDBNull(8) ? null : row.GetInt32(8),
            row.IsDBNull(9) ? null : row.GetInt64(9),
            row.IsDBNull(10) ? null : row.GetFieldValue<byte[]>(10),
            row.IsDBNull(11) ? null : row.GetString(11),
            row.IsDBNull(12) ? null : row.GetFieldValue<byte[]>(12)
        );

    /// <summary>Whether this version knows what the letter is, and has what it takes to bring it back.</summary>
    public bool IsReadable =>
        Kind == DeadLetterKinds.Record || (Kind == DeadLetterKinds.Delivery && DeliveryId is not null && AcceptedAt is not null);

    /// <summary>Null where the letter's record cannot be made again.</summary>
    public OutgoingRecord? TryToRecord()
    {
        try
        {
            return Topic is null || Value is null || Headers is null ? null : ToRecord();
        }
        catch (Exception fault) when (fault is JsonException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The record as it was. Where it asks for a notification and has no id, it gets the one that it would have had: produced
    /// twice, it is one notification.</summary>
    private OutgoingRecord ToRecord()
    {
        var headers = new Headers();
        foreach (var (name, value) in JsonSerializer.Deserialize(Headers!, DeadLetterJson.Default.DictionaryStringString)!)
            headers.Add(name, Convert.FromBase64String(value));
        if (headers.Text(RecordHeaders.NotificationId) is null && LaneNames.All.Any(lane => Topics.Notifications(lane) == Topic))
            headers.With(RecordHeaders.NotificationId, NotificationId().ToString());
        return new(Topic!, Key!, Value!, headers);
    }

    /// <summary>The letter's id is the record's time and place, as RecordReader makes ids of them; a time that it would refuse gives way to
    /// the letter's.</summary>
    private Guid NotificationId()
    {
        var at = UuidV7.TimeOf(Id);
        return at > CreatedAt - MaxAge && at < CreatedAt + MaxAhead
            ? Id
            : UuidV7.Derive(CreatedAt, Encoding.UTF8.GetBytes($"{Topic}/{Partition}/{Offset}"));
    }
}
