using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// Writes outcomes whose claims still hold, with what goes with them: the letters of what gave up, and devices whose token is gone.
/// </summary>
public static class SettleRows
{
    // What is to be decided again stays so: only the pump decides.
    private const string Reason = "CASE WHEN k.state = 'waiting' AND d.reason = 'consent' THEN d.reason ELSE k.reason END";

    // The call that sent it is told by the row itself (provider, sent_at, call_ms); attempts has the calls that did not.
    // Of those the first fifty stay and the last fifty: a delivery that is throttled again and again for days is written whole each time.
    private static readonly DaySql Sql = new(table =>
        $"""
            UPDATE {table} d
               SET state = k.state, reason = {Reason}, due_at = k.due_at, attempt = d.attempt - k.refund,
                   provider = coalesce(k.provider, d.provider), provider_message_id = coalesce(k.provider_message_id, d.provider_message_id),
                   code = k.code, segments = coalesce(k.segments, d.segments),
                   attempts = CASE WHEN k.record IS NULL THEN d.attempts
                                   WHEN jsonb_array_length(d.attempts) < 100 THEN d.attempts || k.record::jsonb
                                   ELSE d.attempts - 50 || k.record::jsonb END,
                   sent_at = coalesce(k.sent_at, d.sent_at), call_ms = coalesce(k.call_ms, d.call_ms), updated_at = now()
              FROM unnest(@tenants, @ids, @fences, @states, @reasons, @dues, @refunds, @providers, @message_ids, @codes, @segments, @records,
                          @sent_ats, @call_ms)
                AS k(tenant_id, delivery_id, fence, state, reason, due_at, refund, provider, provider_message_id, code, segments, record,
                     sent_at, call_ms)
             WHERE {RowKeys.Match} AND {DeliveryRules.Sql(DeliveryVerb.Settle)} AND d.fence = k.fence
            """
    );

    // A token that was registered again since is a new one, even with the same text: the state was set back to active with it.
    private const string DisableDeviceSql = """
        UPDATE devices SET state = 'disabled', disabled_at = now(), disabled_reason = @code
         WHERE tenant_id = @tenant AND recipient_id = @recipient AND device_id = @device AND token = @token AND state = 'active'
           AND registered_at <= @attempted
        """;

    /// <summary>How many were written: the others' deliveries had come due again meanwhile and are somebody else's.</summary>
    public static Task<int> SettleAsync(
        NpgsqlDataSource database,
        IReadOnlyList<SettledAttempt> settled,
        CancellationToken cancellationToken
    )
    {
        var rows = RowKeys.InLockOrder(settled, attempt => attempt.Key);
        return Sql.ExecuteAsync(rows[0].Key.Id, rows[^1].Key.Id, sql => SettleAsync(database, sql, rows, cancellationToken));
    }

    private static async Task<int> SettleAsync(
        NpgsqlDataSource database,
        string sql,
        List<SettledAttempt> rows,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection); // one implicit transaction, one round trip
        var outcomes = Settle(sql, rows);
        batch.BatchCommands.Add(outcomes);
        DeadDeliveries.AddTo(batch, rows);
        foreach (var attempt in rows.Where(attempt => attempt.DeadDevice is not null))
            batch.BatchCommands.Add(Disable(attempt));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)outcomes.RecordsAffected;
    }

    private static NpgsqlBatchCommand Settle(string sql, List<SettledAttempt> settled)
    {
        var command = new NpgsqlBatchCommand(sql);
        var parameters = command.Parameters;
        parameters.AddKeys(settled, attempt => attempt.Key);
        parameters.AddColumn("fences", NpgsqlDbType.Integer, settled, attempt => attempt.Claim.Fence);
        parameters.AddColumn("states", NpgsqlDbType.Text, settled, attempt => attempt.Transition.State.ToName());
        parameters.AddColumn("reasons", NpgsqlDbType.Text, settled, attempt => attempt.Transition.Reason);
        parameters.AddColumn("dues", NpgsqlDbType.TimestampTz, settled, attempt => attempt.Transition.DueAt);
        parameters.AddColumn("refunds", NpgsqlDbType.Integer, settled, attempt => attempt.Transition.RefundsAttempt ? 1 : 0);
        parameters.AddColumn("providers", NpgsqlDbType.Text, settled, attempt => attempt.Attempt?.Provider);
        parameters.AddColumn("message_ids", NpgsqlDbType.Text, settled, attempt => attempt.ProviderMessageId);
        parameters.AddColumn("codes", NpgsqlDbType.Text, settled, attempt => attempt.Attempt?.Code);
        parameters.AddColumn("segments", NpgsqlDbType.Integer, settled, attempt => attempt.Segments);
        parameters.AddColumn("records", NpgsqlDbType.Text, settled, RecordOf);
        parameters.AddColumn("sent_ats", NpgsqlDbType.TimestampTz, settled, attempt => IsSent(attempt) ? attempt.Attempt?.At : null);
        parameters.AddColumn("call_ms", NpgsqlDbType.Integer, settled, attempt => IsSent(attempt) ? attempt.Attempt?.Milliseconds : null);
        return command;
    }

    private static bool IsSent(SettledAttempt attempt) => attempt.Transition.State == DeliveryState.Sent;

    private static string? RecordOf(SettledAttempt attempt) =>
        attempt.Attempt is null || IsSent(attempt)
            ? null
            : JsonSerializer.Serialize([attempt.Attempt], DeliveryJson.Default.AttemptRecordArray);

    private static NpgsqlBatchCommand Disable(SettledAttempt attempt) =>
        new(DisableDeviceSql)
        {
            Parameters =
            {
                new("code", attempt.DeadDevice!.Code),
                new("tenant", attempt.Key.Tenant),
                new("recipient", attempt.DeadDevice.RecipientId),
                new("device", attempt.DeadDevice.DeviceId),
                new("token", attempt.DeadDevice.Token),
                new("attempted", attempt.Attempt!.At),
            },
        };
}
