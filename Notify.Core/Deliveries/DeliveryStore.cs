using System.Text.Json;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries;

/// <summary>The statements of the send path: one round trip a batch.</summary>
public sealed class DeliveryStore(NpgsqlDataSource database)
{
    private const string Mine = "(d.state = 'sending' AND d.claim_id = @claim)";

    // A delivery that already finished, or that somebody else has, does not come back: that is what makes a repeated record harmless.
    // A waiting row that is due, or a claim past its lease, may be claimed too: the pump's record can arrive before the pump has committed the row as queued,
    // and a row that does not match as it stands now is passed over without waiting for that commit. One that waits for its tenant's turn (share) has no record
    // before the pump makes one, whatever its due time. (Under at-most-once an abandoned claim is never sent again.)
    // A claim whose answer was lost on the way is asked for again with its own id, and found as it was made: nobody else would ever make the call.
    private const string ClaimSql = $"""
        UPDATE deliveries d
           SET state = 'sending', fence = d.fence + CASE WHEN {Mine} THEN 0 ELSE 1 END, attempt = d.attempt + CASE WHEN {Mine} THEN 0 ELSE 1 END,
               claim_id = @claim, due_at = now() + @lease, updated_at = now()
          FROM unnest(@tenants, @times, @ids) AS k(tenant_id, accepted_at, delivery_id)
         WHERE d.tenant_id = k.tenant_id AND d.accepted_at = k.accepted_at AND d.delivery_id = k.delivery_id
           AND (d.state = 'queued' OR (d.state = 'waiting' AND (d.due_at <= now() OR d.reason = 'share')) OR (d.state = 'sending' AND d.due_at <= now() AND NOT d.at_most_once) OR {Mine})
        RETURNING d.delivery_id, d.fence, d.attempt, d.at_most_once
        """;

    // The same rows as a claim would take, and no attempt counted.
    private const string ParkSql = """
        UPDATE deliveries d
           SET state = 'waiting', reason = k.reason, code = coalesce(k.code, d.code), due_at = least(k.due_at, d.expires_at),
               updated_at = now()
          FROM unnest(@tenants, @times, @ids, @reasons, @dues, @codes) AS k(tenant_id, accepted_at, delivery_id, reason, due_at, code)
         WHERE d.tenant_id = k.tenant_id AND d.accepted_at = k.accepted_at AND d.delivery_id = k.delivery_id
           AND (d.state = 'queued' OR (d.state = 'waiting' AND (d.due_at <= now() OR d.reason = 'share')) OR (d.state = 'sending' AND d.due_at <= now() AND NOT d.at_most_once))
        """;

    private const string RenewSql = """
        UPDATE deliveries d
           SET due_at = now() + @lease
          FROM unnest(@tenants, @times, @ids, @fences) AS k(tenant_id, accepted_at, delivery_id, fence)
         WHERE d.tenant_id = k.tenant_id AND d.accepted_at = k.accepted_at AND d.delivery_id = k.delivery_id
           AND d.state = 'sending' AND d.fence = k.fence
        """;

    // Of the calls on record the first fifty stay and the last fifty: a delivery that is throttled again and again for days is written whole each time.
    private const string SettleSql = """
        UPDATE deliveries d
           SET state = o.state, reason = o.reason, due_at = o.due_at, attempt = d.attempt - o.refund,
               provider = coalesce(o.provider, d.provider), provider_message_id = coalesce(o.provider_message_id, d.provider_message_id),
               code = o.code, segments = coalesce(o.segments, d.segments),
               attempts = CASE WHEN jsonb_array_length(d.attempts) < 100 THEN d.attempts ELSE d.attempts - 50 END || o.record::jsonb,
               sent_at = CASE WHEN o.state = 'sent' THEN o.at ELSE d.sent_at END, updated_at = now()
          FROM unnest(@tenants, @times, @ids, @fences, @states, @reasons, @dues, @refunds, @providers, @message_ids, @codes, @segments, @records, @ats)
            AS o(tenant_id, accepted_at, delivery_id, fence, state, reason, due_at, refund, provider, provider_message_id, code, segments, record, at)
         WHERE d.tenant_id = o.tenant_id AND d.accepted_at = o.accepted_at AND d.delivery_id = o.delivery_id
           AND d.state = 'sending' AND d.fence = o.fence
        """;

    // A token that was registered again since is a new one, even with the same text: the state was set back to active with it.
    private const string DisableDeviceSql = """
        UPDATE devices SET state = 'disabled', disabled_at = now(), disabled_reason = @code
         WHERE tenant_id = @tenant AND recipient_id = @recipient AND device_id = @device AND token = @token AND state = 'active'
           AND registered_at <= @attempted
        """;

    /// <param name="keys">What to claim.</param>
    /// <param name="lease">How long the claims hold.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="claimId">Asked again with the same id, it finds what the first time claimed; a new one by default.</param>
    public async Task<Dictionary<Guid, Claim>> ClaimAsync(IReadOnlyList<DeliveryKey> keys, TimeSpan lease, CancellationToken cancellationToken, Guid? claimId = null)
    {
        keys = InLockOrder(keys, key => key);
        await using var command = database.CreateCommand(ClaimSql);
        command.Parameters.Add(new("claim", claimId ?? Guid.NewGuid()));
        command.Parameters.Add(new("lease", lease));
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, keys, key => key.Tenant);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, keys, key => key.AcceptedAt);
        command.Parameters.AddColumn("ids", NpgsqlDbType.Uuid, keys, key => key.Id);
        var claims = new Dictionary<Guid, Claim>(keys.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            claims[reader.GetGuid(0)] = new(reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetBoolean(3));
        return claims;
    }

    /// <summary>Puts deliveries that nobody has claimed aside until a time; one that somebody has is left alone.</summary>
    public async Task ParkAsync(IReadOnlyList<ParkedRow> parked, CancellationToken cancellationToken)
    {
        parked = InLockOrder(parked, entry => entry.Key);
        await using var command = database.CreateCommand(ParkSql);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, parked, entry => entry.Key.Tenant);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, parked, entry => entry.Key.AcceptedAt);
        command.Parameters.AddColumn("ids", NpgsqlDbType.Uuid, parked, entry => entry.Key.Id);
        command.Parameters.AddColumn("reasons", NpgsqlDbType.Text, parked, entry => entry.Reason);
        command.Parameters.AddColumn("dues", NpgsqlDbType.TimestampTz, parked, entry => entry.DueAt);
        command.Parameters.AddColumn("codes", NpgsqlDbType.Text, parked, entry => entry.Code);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Lets claims that are still held hold on.</summary>
    public async Task RenewAsync(IReadOnlyList<(DeliveryKey Key, Claim Claim)> held, TimeSpan lease, CancellationToken cancellationToken)
    {
        held = InLockOrder(held, entry => entry.Key);
        await using var command = database.CreateCommand(RenewSql);
        command.Parameters.Add(new("lease", lease));
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, held, entry => entry.Key.Tenant);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, held, entry => entry.Key.AcceptedAt);
        command.Parameters.AddColumn("ids", NpgsqlDbType.Uuid, held, entry => entry.Key.Id);
        command.Parameters.AddColumn("fences", NpgsqlDbType.Integer, held, entry => entry.Claim.Fence);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes the outcomes whose claims still hold. How many those were: the others' deliveries had come due again meanwhile and are somebody else's.</summary>
    public async Task<int> SettleAsync(IReadOnlyList<SettledAttempt> settled, CancellationToken cancellationToken)
    {
        settled = InLockOrder(settled, attempt => attempt.Key);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);   // one implicit transaction, one round trip
        var outcomes = Settle(settled);
        batch.BatchCommands.Add(outcomes);
        DeadDeliveries.AddTo(batch, settled);
        foreach (var attempt in settled.Where(attempt => attempt.DeadDevice is not null))
            batch.BatchCommands.Add(Disable(attempt));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)outcomes.RecordsAffected;
    }

    // A statement locks its rows in the order of its arrays. Two batches that share rows wait for each other only where both lock them in one order;
    // otherwise Postgres ends one of the two, after a second in which both stood still.
    private static List<TRow> InLockOrder<TRow>(IReadOnlyList<TRow> rows, Func<TRow, DeliveryKey> key) => [.. rows.OrderBy(row => key(row).Id)];

    private static NpgsqlBatchCommand Settle(IReadOnlyList<SettledAttempt> settled)
    {
        var command = new NpgsqlBatchCommand(SettleSql);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, settled, attempt => attempt.Key.Tenant);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, settled, attempt => attempt.Key.AcceptedAt);
        command.Parameters.AddColumn("ids", NpgsqlDbType.Uuid, settled, attempt => attempt.Key.Id);
        command.Parameters.AddColumn("fences", NpgsqlDbType.Integer, settled, attempt => attempt.Claim.Fence);
        command.Parameters.AddColumn("states", NpgsqlDbType.Text, settled, attempt => attempt.Transition.State.ToName());
        command.Parameters.AddColumn("reasons", NpgsqlDbType.Text, settled, attempt => attempt.Transition.Reason);
        command.Parameters.AddColumn("dues", NpgsqlDbType.TimestampTz, settled, attempt => attempt.Transition.DueAt);
        command.Parameters.AddColumn("refunds", NpgsqlDbType.Integer, settled, attempt => attempt.Transition.RefundsAttempt ? 1 : 0);
        command.Parameters.AddColumn("providers", NpgsqlDbType.Text, settled, attempt => attempt.Attempt?.Provider);
        command.Parameters.AddColumn("message_ids", NpgsqlDbType.Text, settled, attempt => attempt.ProviderMessageId);
        command.Parameters.AddColumn("codes", NpgsqlDbType.Text, settled, attempt => attempt.Attempt?.Code);
        command.Parameters.AddColumn("segments", NpgsqlDbType.Integer, settled, attempt => attempt.Segments);
        command.Parameters.AddColumn("records", NpgsqlDbType.Text, settled, attempt => attempt.Attempt is null ? "[]" : JsonSerializer.Serialize([attempt.Attempt], DeliveryJson.Default.AttemptRecordArray));
        command.Parameters.AddColumn("ats", NpgsqlDbType.TimestampTz, settled, attempt => attempt.Attempt?.At);
        return command;
    }

    private static NpgsqlBatchCommand Disable(SettledAttempt attempt) => new(DisableDeviceSql)
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
