using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notify.Core.Data.Migrations
{
    /// <summary>
    /// A delivery's key is its id alone, and no index has what changes while it is sent (docs/decisions/0008-rows-stay-in-place.md). Every
    /// row is copied into the new table, days and all, in one transaction. The columns keep their names.
    /// </summary>
    public partial class RowsInPlace : Migration
    {
        private const string DayBounds = """
            CREATE OR REPLACE FUNCTION pg_temp.first_id(day date) RETURNS uuid LANGUAGE sql AS $$
                SELECT (lpad(to_hex((extract(epoch FROM day::timestamp AT TIME ZONE 'UTC') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
            $$;
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                ALTER TABLE deliveries RENAME TO deliveries_before;
                ALTER TABLE deliveries_before RENAME CONSTRAINT pk_deliveries TO pk_deliveries_before;
                ALTER INDEX ix_deliveries_notification_id RENAME TO ix_deliveries_before_notification_id;
                ALTER INDEX ix_deliveries_recipient_id_tenant_id_accepted_at RENAME TO ix_deliveries_before_recipient;
                ALTER INDEX ix_deliveries_channel_lane_due_at RENAME TO ix_deliveries_before_due;
                ALTER INDEX ix_deliveries_channel_lane_tenant_id_queued_at RENAME TO ix_deliveries_before_queued;
                ALTER INDEX ix_deliveries_channel_lane_tenant_id_accepted_at_delivery_id RENAME TO ix_deliveries_before_share;

                -- What stays first, what changes while it is sent last: the log of a change has little more than what changed.
                CREATE TABLE deliveries (
                    delivery_id uuid NOT NULL,
                    notification_id uuid NOT NULL,
                    accepted_at timestamptz NOT NULL,
                    expires_at timestamptz NOT NULL,
                    queued_at timestamptz NULL,
                    at_most_once boolean NOT NULL,
                    tenant_id varchar(64) NOT NULL,
                    channel text NOT NULL,
                    lane text NOT NULL,
                    recipient_id text NULL,
                    address text NULL,
                    device jsonb NULL,
                    attempts jsonb NOT NULL DEFAULT '[]'::jsonb,
                    state text NOT NULL,
                    reason text NULL,
                    attempt integer NOT NULL,
                    fence integer NOT NULL,
                    claim_id uuid NULL,
                    due_at timestamptz NULL,
                    updated_at timestamptz NOT NULL DEFAULT now(),
                    sent_at timestamptz NULL,
                    call_ms integer NULL,
                    segments integer NULL,
                    provider text NULL,
                    provider_message_id text NULL,
                    code text NULL,
                    CONSTRAINT pk_deliveries PRIMARY KEY (delivery_id)
                ) PARTITION BY RANGE (delivery_id);
                CREATE INDEX ix_deliveries_notification_id ON deliveries (notification_id);
                CREATE INDEX ix_deliveries_recipient_id_tenant_id_accepted_at ON deliveries (recipient_id, tenant_id, accepted_at)
                    WHERE recipient_id IS NOT NULL;
                CREATE INDEX ix_deliveries_channel_lane_due_at ON deliveries (channel, lane, due_at) WHERE due_at IS NOT NULL;
                CREATE INDEX ix_deliveries_channel_lane_tenant_id_accepted_at_delivery_id
                    ON deliveries (channel, lane, tenant_id, accepted_at, delivery_id) WHERE reason = 'share';

                -- Both are small and change with every batch: they are vacuumed by what changed, and their arrays are not compressed.
                CREATE TABLE queued_batches (
                    batch_id bigint GENERATED ALWAYS AS IDENTITY,
                    channel text NOT NULL,
                    lane text NOT NULL,
                    queued_at timestamptz NOT NULL,
                    delivery_ids uuid[] NOT NULL,
                    CONSTRAINT pk_queued_batches PRIMARY KEY (batch_id)
                ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
                ALTER TABLE queued_batches ALTER COLUMN delivery_ids SET STORAGE EXTERNAL;
                CREATE TABLE claims (
                    claim_id uuid NOT NULL,
                    lapses_at timestamptz NOT NULL,
                    delivery_ids uuid[] NOT NULL,
                    CONSTRAINT pk_claims PRIMARY KEY (claim_id)
                ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
                ALTER TABLE claims ALTER COLUMN delivery_ids SET STORAGE EXTERNAL;
                """);
            migrationBuilder.Sql(DayBounds);
            migrationBuilder.Sql("""
                DO $$
                DECLARE
                    part record;
                    allowed record;
                    kept bigint;
                    copied bigint;
                BEGIN
                    FOR part IN
                        SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
                          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                         WHERE i.inhparent = 'deliveries_before'::regclass ORDER BY c.relname
                    LOOP
                        EXECUTE format('ALTER TABLE %I RENAME TO %I', part.relname, part.relname || '_before');
                        EXECUTE format(
                            'CREATE TABLE %I PARTITION OF deliveries FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 50, autovacuum_analyze_threshold = 5000)',
                            part.relname, pg_temp.first_id(part.day), pg_temp.first_id(part.day + 1));
                    END LOOP;

                    INSERT INTO deliveries (delivery_id, notification_id, accepted_at, expires_at, queued_at, at_most_once, tenant_id, channel, lane,
                                            recipient_id, address, device, attempts, state, reason, attempt, fence, claim_id, due_at, updated_at,
                                            sent_at, segments, provider, provider_message_id, code)
                    SELECT delivery_id, notification_id, accepted_at, expires_at,
                           CASE WHEN state = 'queued' THEN coalesce(queued_at, accepted_at) ELSE queued_at END, at_most_once, tenant_id, channel, lane,
                           recipient_id, address, device, attempts, state, reason, attempt, fence, claim_id, due_at, updated_at,
                           sent_at, segments, provider, provider_message_id, code
                      FROM deliveries_before
                    ON CONFLICT DO NOTHING;
                    GET DIAGNOSTICS copied = ROW_COUNT;
                    SELECT count(*) FROM deliveries_before INTO kept;

                    -- Two tenants whose producers gave one id to a notification, to one address: the second's delivery gets an id of its own.
                    IF copied < kept THEN
                        INSERT INTO deliveries (delivery_id, notification_id, accepted_at, expires_at, queued_at, at_most_once, tenant_id, channel,
                                                lane, recipient_id, address, device, attempts, state, reason, attempt, fence, claim_id, due_at,
                                                updated_at, sent_at, segments, provider, provider_message_id, code)
                        SELECT (left(b.delivery_id::text, 20) || substr(m.hash, 1, 3) || '-' || substr(m.hash, 4, 12))::uuid,
                               b.notification_id, b.accepted_at, b.expires_at,
                               CASE WHEN b.state = 'queued' THEN coalesce(b.queued_at, b.accepted_at) ELSE b.queued_at END, b.at_most_once, b.tenant_id,
                               b.channel, b.lane, b.recipient_id, b.address, b.device, b.attempts, b.state, b.reason, b.attempt, b.fence, b.claim_id,
                               b.due_at, b.updated_at, b.sent_at, b.segments, b.provider, b.provider_message_id, b.code
                          FROM deliveries_before b CROSS JOIN LATERAL (SELECT md5(b.tenant_id || b.delivery_id::text) AS hash) m
                         WHERE NOT EXISTS (SELECT FROM deliveries d WHERE d.delivery_id = b.delivery_id AND d.tenant_id = b.tenant_id);
                    END IF;

                    INSERT INTO queued_batches (channel, lane, queued_at, delivery_ids)
                    SELECT channel, lane, queued_at, array_agg(delivery_id) FROM deliveries WHERE state = 'queued' GROUP BY channel, lane, queued_at;
                    FOR allowed IN
                        SELECT CASE grantee WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee) END AS grantee, privilege_type AS privilege
                          FROM information_schema.role_table_grants
                         WHERE table_schema = current_schema() AND table_name = 'deliveries_before' AND grantee <> current_user
                    LOOP
                        EXECUTE format('GRANT %s ON deliveries TO %s', allowed.privilege, allowed.grantee);
                    END LOOP;
                    DROP TABLE deliveries_before;
                END $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                ALTER TABLE deliveries RENAME TO deliveries_after;
                ALTER TABLE deliveries_after RENAME CONSTRAINT pk_deliveries TO pk_deliveries_after;
                ALTER INDEX ix_deliveries_notification_id RENAME TO ix_deliveries_after_notification_id;
                ALTER INDEX ix_deliveries_recipient_id_tenant_id_accepted_at RENAME TO ix_deliveries_after_recipient;
                ALTER INDEX ix_deliveries_channel_lane_due_at RENAME TO ix_deliveries_after_due;
                ALTER INDEX ix_deliveries_channel_lane_tenant_id_accepted_at_delivery_id RENAME TO ix_deliveries_after_share;
                CREATE TABLE deliveries (
                    LIKE deliveries_after INCLUDING DEFAULTS,
                    CONSTRAINT pk_deliveries PRIMARY KEY (tenant_id, accepted_at, delivery_id)
                ) PARTITION BY RANGE (accepted_at);
                ALTER TABLE deliveries DROP COLUMN call_ms;
                CREATE INDEX ix_deliveries_notification_id ON deliveries (notification_id);
                CREATE INDEX ix_deliveries_recipient_id_tenant_id_accepted_at ON deliveries (recipient_id, tenant_id, accepted_at)
                    WHERE recipient_id IS NOT NULL;
                CREATE INDEX ix_deliveries_channel_lane_due_at ON deliveries (channel, lane, due_at) WHERE due_at IS NOT NULL;
                CREATE INDEX ix_deliveries_channel_lane_tenant_id_accepted_at_delivery_id
                    ON deliveries (channel, lane, tenant_id, accepted_at, delivery_id) WHERE state = 'waiting' AND reason = 'share';
                CREATE INDEX ix_deliveries_channel_lane_tenant_id_queued_at ON deliveries (channel, lane, tenant_id, queued_at)
                    WHERE state = 'queued';
                DO $$
                DECLARE
                    part record;
                BEGIN
                    FOR part IN
                        SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
                          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                         WHERE i.inhparent = 'deliveries_after'::regclass ORDER BY c.relname
                    LOOP
                        EXECUTE format('ALTER TABLE %I RENAME TO %I', part.relname, part.relname || '_after');
                        EXECUTE format(
                            'CREATE TABLE %I PARTITION OF deliveries FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 70)',
                            part.relname, part.day::text || ' 00:00:00+00', (part.day + 1)::text || ' 00:00:00+00');
                    END LOOP;
                END $$;
                -- A claim's lease was its row's due time.
                UPDATE deliveries_after d SET due_at = c.lapses_at
                  FROM claims c CROSS JOIN LATERAL unnest(c.delivery_ids) AS i(id)
                 WHERE d.delivery_id = i.id AND d.state = 'sending' AND d.claim_id = c.claim_id;
                INSERT INTO deliveries
                SELECT delivery_id, notification_id, accepted_at, expires_at, queued_at, at_most_once, tenant_id, channel, lane, recipient_id,
                       address, device,
                       attempts || CASE WHEN call_ms IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
                           'at', sent_at, 'provider', provider, 'outcome', 'sent', 'milliseconds', call_ms)) END,
                       state, reason, attempt, fence, claim_id, due_at, updated_at, sent_at, segments, provider, provider_message_id, code
                  FROM deliveries_after;
                DROP TABLE deliveries_after;
                DROP TABLE queued_batches;
                DROP TABLE claims;
                """);
        }
    }
}
