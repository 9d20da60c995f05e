using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// Makes letters of deliveries that gave up, or were refused for what may be mended, in the transaction that settles them.
/// </summary>
internal static class DeadDeliveries
{
    // What is read is the row as the settling statement before left it; a claim that no longer counted left it otherwise, and there is
    // nothing to insert. Each claim that was settled after a call appended one attempt: fewer attempts than claims means that a call's
    // answer was never written down.
    private static readonly string InsertSql = $"""
        INSERT INTO dead_letters (tenant_id, dead_letter_id, created_at, kind, fingerprint, channel, lane, provider, code, cause, detail, notification_id, delivery_id, accepted_at, attempt_count, ambiguous, state)
        SELECT d.tenant_id, k.letter_id, clock_timestamp(), 'delivery', {Fingerprint.Sql(
            "d.tenant_id",
            "'delivery'",
            "d.channel",
            "d.provider",
            "coalesce(d.code, d.reason)",
            "NULL"
        )},
               d.channel, d.lane, d.provider, d.code, coalesce(d.reason, 'unknown'), d.attempts->-1->>'detail', d.notification_id, d.delivery_id, d.accepted_at,
               jsonb_array_length(d.attempts), d.attempts @> '[{Ambiguous}]' OR d.fence > jsonb_array_length(d.attempts), 'open'
          FROM unnest(@tenants, @ids, @fences, @letters) AS k(tenant_id, delivery_id, fence, letter_id)
          JOIN deliveries d ON {RowKeys.Match}
         WHERE d.state IN ('dead', 'failed') AND d.fence = k.fence
        ON CONFLICT DO NOTHING
        """;

    private const string Ambiguous = """{"outcome":"ambiguous"}""";

    /// <summary>Adds the statement, where any of these deliveries leaves a letter.</summary>
    public static void AddTo(NpgsqlBatch batch, IEnumerable<SettledAttempt> settled)
    {
        var dead = settled.Where(attempt => attempt.Transition.LeavesLetter).ToList();
        if (dead.Count == 0)
            return;
        var command = new NpgsqlBatchCommand(InsertSql);
        command.Parameters.AddKeys(dead, attempt => attempt.Key);
        command.Parameters.AddColumn("fences", NpgsqlDbType.Integer, dead, attempt => attempt.Claim.Fence);
        command.Parameters.AddColumn("letters", NpgsqlDbType.Uuid, dead, LetterIdOf);
        batch.BatchCommands.Add(command);
    }

    /// <summary>One letter a death: the same outcome written again changes nothing, and a delivery that was replayed and dies again gets
    /// another.</summary>
    private static Guid LetterIdOf(SettledAttempt attempt)
    {
        Span<byte> material = stackalloc byte[20];
        attempt.Key.Id.TryWriteBytes(material, bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(material[16..], attempt.Claim.Fence);
        return UuidV7.Derive(attempt.Key.AcceptedAt, material);
    }
}
