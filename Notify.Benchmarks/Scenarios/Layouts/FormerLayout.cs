using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Benchmarks.Scenarios.Layouts;

/// <summary>
/// The layout before docs/decisions/0008-rows-stay-in-place.md, with its statements: a key of tenant, time and id, partial indexes on the
/// state, leases in the row, every call appended. It is kept to be compared with in one run.
/// </summary>
internal sealed class FormerLayout : IRowLayout
{
    private const string InsertSql = """
        INSERT INTO former.deliveries (tenant_id, accepted_at, delivery_id, notification_id, channel, lane, recipient_id, address, device, state, reason, attempt, fence, at_most_once, expires_at, due_at, queued_at)
        SELECT t, a, i, n, c, l, r, d, v::jsonb, s, e, 0, 0, m, x, CASE WHEN s = 'waiting' THEN x END, CASE WHEN s = 'queued' THEN now() END
          FROM unnest(@tenants, @times, @ids, @notifications, @channels, @lanes, @recipients, @addresses, @devices, @states, @reasons, @once, @expiries) AS u(t, a, i, n, c, l, r, d, v, s, e, m, x)
        ON CONFLICT DO NOTHING
        """;

    private const string ClaimSql = """
        UPDATE former.deliveries d
           SET state = 'sending', fence = d.fence + CASE WHEN (d.state = 'sending' AND d.claim_id = @claim) THEN 0 ELSE 1 END,
               attempt = d.attempt + CASE WHEN (d.state = 'sending' AND d.claim_id = @claim) THEN 0 ELSE 1 END,
               claim_id = @claim, due_at = now() + @lease, updated_at = now()
          FROM unnest(@tenants, @times, @ids) AS k(tenant_id, accepted_at, delivery_id)
         WHERE d.tenant_id = k.tenant_id AND d.accepted_at = k.accepted_at AND d.delivery_id = k.delivery_id
           AND (d.state = 'queued' OR (d.state = 'waiting' AND (d.due_at <= now() OR d.reason = 'share')) OR (d.state = 'sending' AND d.due_at <= now() AND NOT d.at_most_once)
                OR (d.state = 'sending' AND d.claim_id = @claim))
        RETURNING d.delivery_id, d.fence, d.attempt, d.at_most_once
        """;

    private const string SettleSql = """
        UPDATE former.deliveries d
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

    public string Name => "before";

    public async Task PrepareAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            DROP SCHEMA IF EXISTS former CASCADE;
            CREATE SCHEMA former;
            CREATE TABLE former.deliveries (
                tenant_id varchar(64) NOT NULL, accepted_at timestamptz NOT NULL, delivery_id uuid NOT NULL, notification_id uuid NOT NULL,
                channel text NOT NULL, lane text NOT NULL, recipient_id text, address text, device jsonb, state text NOT NULL, reason text,
                attempt integer NOT NULL, fence integer NOT NULL, at_most_once boolean NOT NULL, due_at timestamptz, expires_at timestamptz NOT NULL,
                provider text, provider_message_id text, code text, segments integer, attempts jsonb NOT NULL DEFAULT '[]'::jsonb, sent_at timestamptz,
                updated_at timestamptz NOT NULL DEFAULT now(), queued_at timestamptz, claim_id uuid,
                PRIMARY KEY (tenant_id, accepted_at, delivery_id)
            ) PARTITION BY RANGE (accepted_at);
            CREATE INDEX ON former.deliveries (notification_id);
            CREATE INDEX ON former.deliveries (recipient_id, tenant_id, accepted_at) WHERE recipient_id IS NOT NULL;
            CREATE INDEX ON former.deliveries (channel, lane, due_at) WHERE due_at IS NOT NULL;
            CREATE INDEX ON former.deliveries (channel, lane, tenant_id, queued_at) WHERE state = 'queued';
            CREATE INDEX ON former.deliveries (channel, lane, tenant_id, accepted_at, delivery_id) WHERE state = 'waiting' AND reason = 'share';
            CREATE TABLE former.today PARTITION OF former.deliveries
                FOR VALUES FROM ('{now.AddDays(-1):yyyy-MM-dd} 00:00:00+00') TO ('{now.AddDays(
                2
            ):yyyy-MM-dd} 00:00:00+00') WITH (fillfactor = 70);
            """
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task InsertAsync(NpgsqlDataSource database, IReadOnlyList<NewRow> rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(InsertSql);
        var parameters = command.Parameters;
        parameters.AddColumn("tenants", NpgsqlDbType.Text, rows, row => row.Key.Tenant);
        parameters.AddColumn("times", NpgsqlDbType.TimestampTz, rows, row => row.Key.AcceptedAt);
        parameters.AddColumn("ids", NpgsqlDbType.Uuid, rows, row => row.Key.Id);
        parameters.AddColumn("notifications", NpgsqlDbType.Uuid, rows, row => row.NotificationId);
        parameters.AddColumn("channels", NpgsqlDbType.Text, rows, row => row.Channel.ToName());
        parameters.AddColumn("lanes", NpgsqlDbType.Text, rows, row => row.Lane.ToName());
        parameters.AddColumn("recipients", NpgsqlDbType.Text, rows, row => row.RecipientId);
        parameters.AddColumn("addresses", NpgsqlDbType.Text, rows, row => row.Address);
        parameters.AddColumn("devices", NpgsqlDbType.Text, rows, _ => (string?)null);
        parameters.AddColumn("states", NpgsqlDbType.Text, rows, row => row.State.ToName());
        parameters.AddColumn("reasons", NpgsqlDbType.Text, rows, row => row.Reason);
        parameters.AddColumn("once", NpgsqlDbType.Boolean, rows, row => row.AtMostOnce);
        parameters.AddColumn("expiries", NpgsqlDbType.TimestampTz, rows, row => row.ExpiresAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ClaimAsync(NpgsqlDataSource database, IReadOnlyList<DeliveryKey> keys, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ClaimSql);
        command.Parameters.Add(new("claim", Guid.NewGuid()));
        command.Parameters.Add(new("lease", TimeSpan.FromMinutes(10)));
        AddKeys(command.Parameters, keys);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            _ = (reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetBoolean(3));
    }

    public async Task SettleAsync(NpgsqlDataSource database, IReadOnlyList<SettledAttempt> settled, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SettleSql);
        var parameters = command.Parameters;
        AddKeys(parameters, [.. settled.Select(attempt => attempt.Key)]);
        parameters.AddColumn("fences", NpgsqlDbType.Integer, settled, attempt => attempt.Claim.Fence);
        parameters.AddColumn("states", NpgsqlDbType.Text, settled, attempt => attempt.Transition.State.ToName());
        parameters.AddColumn("reasons", NpgsqlDbType.Text, settled, attempt => attempt.Transition.Reason);
        parameters.AddColumn("dues", NpgsqlDbType.TimestampTz, settled, attempt => attempt.Transition.DueAt);
        parameters.AddColumn("refunds", NpgsqlDbType.Integer, settled, attempt => attempt.Transition.RefundsAttempt ? 1 : 0);
        parameters.AddColumn("providers", NpgsqlDbType.Text, settled, attempt => attempt.Attempt?.Provider);
        parameters.AddColumn("message_ids", NpgsqlDbType.Text, settled, attempt => attempt.ProviderMessageId);
        parameters.AddColumn("codes", NpgsqlDbType.Text, settled, attempt => attempt.Attempt?.Code);
        parameters.AddColumn("segments", NpgsqlDbType.Integer, settled, attempt => attempt.Segments);
        parameters.AddColumn("records", NpgsqlDbType.Text, settled, attempt =>
            JsonSerializer.Serialize([attempt.Attempt!], DeliveryJson.Default.AttemptRecordArray)
        );
        parameters.AddColumn("ats", NpgsqlDbType.TimestampTz, settled, attempt => attempt.Attempt?.At);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<long> SentAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM former.deliveries WHERE state = 'sent'");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static void AddKeys(NpgsqlParameterCollection parameters, IReadOnlyList<DeliveryKey> keys)
    {
        parameters.AddColumn("tenants", NpgsqlDbType.Text, keys, key => key.Tenant);
        parameters.AddColumn("times", NpgsqlDbType.TimestampTz, keys, key => key.AcceptedAt);
        parameters.AddColumn("ids", NpgsqlDbType.Uuid, keys, key => key.Id);
    }
}
