using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Core.Data;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.DeadLetters;

/// <summary>Keeps records that cannot be used, whole, with where they stood and why, so that they can be looked at and replayed.</summary>
public sealed class DeadLetterStore(NpgsqlDataSource database, TimeProvider time)
{
    private const int MaxHeaderName = 32 * 1024;

    // A tenant that does not exist cannot look at its letters: they are kept under none, where operators find them.
    // Never before the database's own time: a replay takes the letters up to its beginning, and what it brings back must not become part of
    // it.
    private static readonly string InsertSql = $"""
        INSERT INTO dead_letters (tenant_id, dead_letter_id, created_at, kind, fingerprint, channel, lane, cause, detail, notification_id, attempt_count, ambiguous, state,
                                  topic, partition, record_offset, record_key, record_headers, record_value)
        SELECT owner.id, @id, greatest(@at, clock_timestamp()), 'record', {Fingerprint.Sql(
            "owner.id",
            "'record'",
            "@topic",
            "NULL",
            "@cause",
            "NULL"
        )}, @channel, @lane, @cause, @detail, @notification, 0, false, 'open',
               @topic, @partition, @offset, @key, @headers::jsonb, @value
          FROM (SELECT coalesce((SELECT t.tenant_id FROM tenants t WHERE t.tenant_id = @tenant), '') AS id) AS owner
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Keeping the same record again changes nothing.</summary>
    public async Task<bool> KeepAsync(ConsumedRecord record, string cause, CancellationToken cancellationToken, string? detail = null)
    {
        await using var command = database.CreateCommand(InsertSql);
        var (channel, lane) = PlaceOf(record.Topic);
        Add(
            "tenant",
            NpgsqlDbType.Text,
            record.Headers.Text(RecordHeaders.Tenant) is { } tenant && StoredText.IsName(tenant, 64) ? tenant : ""
        );
        Add("id", NpgsqlDbType.Uuid, IdOf(record));
        Add("at", NpgsqlDbType.TimestampTz, time.GetUtcNow());
        Add("channel", NpgsqlDbType.Text, channel);
        Add("lane", NpgsqlDbType.Text, lane);
        Add("cause", NpgsqlDbType.Text, cause);
        Add("detail", NpgsqlDbType.Text, StoredText.Clean(detail, 500));
        Add(
            "notification",
            NpgsqlDbType.Uuid,
            Guid.TryParse(record.Headers.Text(RecordHeaders.NotificationId), out var notification) ? notification : null
        );
        Add("topic", NpgsqlDbType.Text, record.Topic);
        Add("partition", NpgsqlDbType.Integer, record.Partition);
        Add("offset", NpgsqlDbType.Bigint, record.Offset);
        Add("key", NpgsqlDbType.Bytea, record.Key);
        Add("headers", NpgsqlDbType.Text, HeadersOf(record));
        Add("value", NpgsqlDbType.Bytea, record.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return true;

        void Add(string name, NpgsqlDbType type, object? value) =>
            command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
    }

    // The record's time is part of it, since a topic that was made anew counts its offsets from zero again. The same derivation as that of
    // a notification without an id, so that a replay knows the id which the Router would have given it.
    private static Guid IdOf(ConsumedRecord record) =>
        UuidV7.Derive(
            record.Time ?? DateTimeOffset.UnixEpoch,
            Encoding.UTF8.GetBytes($"{record.Topic}/{record.Partition}/{record.Offset}")
        );

    /// <summary><c>deliveries.sms.bulk</c> → sms, bulk; <c>notifications.bulk</c> → none, bulk; of another topic nothing is
    /// known.</summary>
    private static (string? Channel, string? Lane) PlaceOf(string topic) =>
        topic.Split('.') switch
        {
            ["deliveries", var channel, var lane] => (channel, lane),
            ["notifications", var lane] => (null, lane),
            _ => (null, null),
        };

    private static string HeadersOf(ConsumedRecord record) =>
        JsonSerializer.Serialize(
            // A header's name is anybody's text too, and jsonb refuses U+0000.
            record
                .Headers.GroupBy(header => StoredText.Clean(header.Key, MaxHeaderName) ?? "")
                .ToDictionary(group => group.Key, group => Convert.ToBase64String(group.Last().GetValueBytes() ?? [])),
            DeadLetterJson.Default.DictionaryStringString
        );
}

/// <summary>
/// The JSON in the columns of dead letters and replays. A selection by what this version does not know is refused: without that part it
/// would select more.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(ReplaySelection))]
public sealed partial class DeadLetterJson : JsonSerializerContext;
