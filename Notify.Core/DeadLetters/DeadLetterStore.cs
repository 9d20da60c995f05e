using System.Text;
using Notify.Core.Data;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.DeadLetters;

/// <summary>Keeps records that cannot be used, whole, with where they stood and why, so that they can be looked at and replayed.</summary>
public sealed class DeadLetterStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string InsertSql = """
        INSERT INTO dead_letters (tenant_id, dead_letter_id, created_at, topic, partition, record_offset, record_key, record_headers, record_value, cause, detail)
        VALUES (@tenant, @id, @at, @topic, @partition, @offset, @key, @headers::jsonb, @value, @cause, @detail)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Keeping the same record again changes nothing.</summary>
    public async Task<bool> KeepAsync(ConsumedRecord record, string cause, CancellationToken cancellationToken, string? detail = null)
    {
        await using var command = database.CreateCommand(InsertSql);
        command.Parameters.Add(new("tenant", record.Headers.Text(RecordHeaders.Tenant) is { } tenant && StoredText.IsName(tenant, 64) ? tenant : ""));
        command.Parameters.Add(new("id", IdOf(record)));
        command.Parameters.Add(new("at", time.GetUtcNow()));
        command.Parameters.Add(new("topic", record.Topic));
        command.Parameters.Add(new("partition", record.Partition));
        command.Parameters.Add(new("offset", record.Offset));
        command.Parameters.Add(new("key", record.Key));
        command.Parameters.Add(new("headers", NpgsqlDbType.Text) { Value = HeadersOf(record) });
        command.Parameters.Add(new("value", record.Value));
        command.Parameters.Add(new("cause", cause));
        command.Parameters.Add(new("detail", NpgsqlDbType.Text) { Value = (object?)StoredText.Clean(detail, 500) ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    // The record's time is part of it, since a topic that was made anew counts its offsets from zero again.
    private static Guid IdOf(ConsumedRecord record) =>
        UuidV7.Derive(record.Time ?? DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes($"{record.Topic}/{record.Partition}/{record.Offset}"));

    private static string HeadersOf(ConsumedRecord record) =>
        System.Text.Json.JsonSerializer.Serialize(
            record.Headers.GroupBy(header => header.Key).ToDictionary(group => group.Key, group => Convert.ToBase64String(group.Last().GetValueBytes() ?? [])),
            DeadLetterJson.Default.DictionaryStringString);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class DeadLetterJson : System.Text.Json.Serialization.JsonSerializerContext;
