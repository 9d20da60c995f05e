using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notify.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class DeadLetters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_dead_letters_tenant_id_created_at",
                table: "dead_letters");

            migrationBuilder.AlterColumn<string>(
                name: "topic",
                table: "dead_letters",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<byte[]>(
                name: "record_value",
                table: "dead_letters",
                type: "bytea",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<long>(
                name: "record_offset",
                table: "dead_letters",
                type: "bigint",
                nullable: true,
                oldClrType: typeof(long),
                oldType: "bigint");

            migrationBuilder.AlterColumn<byte[]>(
                name: "record_key",
                table: "dead_letters",
                type: "bytea",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<string>(
                name: "record_headers",
                table: "dead_letters",
                type: "jsonb",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "jsonb");

            migrationBuilder.AlterColumn<int>(
                name: "partition",
                table: "dead_letters",
                type: "integer",
                nullable: true,
                oldClrType: typeof(int),
                oldType: "integer");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "accepted_at",
                table: "dead_letters",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "ambiguous",
                table: "dead_letters",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "attempt_count",
                table: "dead_letters",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "channel",
                table: "dead_letters",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "code",
                table: "dead_letters",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "delivery_id",
                table: "dead_letters",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "fingerprint",
                table: "dead_letters",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "dead_letters",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "lane",
                table: "dead_letters",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "last_replay_id",
                table: "dead_letters",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "notification_id",
                table: "dead_letters",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "provider",
                table: "dead_letters",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "replayed_at",
                table: "dead_letters",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "state",
                table: "dead_letters",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "template",
                table: "dead_letters",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "audit_log",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    audit_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    actor = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    details = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_log", x => new { x.tenant_id, x.audit_id });
                });

            migrationBuilder.CreateTable(
                name: "replays",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    replay_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    selection = table.Column<string>(type: "jsonb", nullable: false),
                    rate_per_second = table.Column<int>(type: "integer", nullable: false),
                    include_ambiguous = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    matched = table.Column<long>(type: "bigint", nullable: false),
                    replayed = table.Column<long>(type: "bigint", nullable: false),
                    skipped = table.Column<long>(type: "bigint", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cursor_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cursor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_replays", x => new { x.tenant_id, x.replay_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_tenant_id_created_at_dead_letter_id",
                table: "dead_letters",
                columns: new[] { "tenant_id", "created_at", "dead_letter_id" });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_tenant_id_fingerprint_created_at_dead_letter_id",
                table: "dead_letters",
                columns: new[] { "tenant_id", "fingerprint", "created_at", "dead_letter_id" });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_tenant_id_state_created_at_dead_letter_id",
                table: "dead_letters",
                columns: new[] { "tenant_id", "state", "created_at", "dead_letter_id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_log_tenant_id_subject_audit_id",
                table: "audit_log",
                columns: new[] { "tenant_id", "subject", "audit_id" });

            migrationBuilder.CreateIndex(
                name: "ix_replays_next_at",
                table: "replays",
                column: "next_at",
                filter: "state = 'running'");

            // What is there already: records, and deliveries that gave up before they had letters.
            migrationBuilder.Sql("""
                UPDATE dead_letters l
                   SET tenant_id = coalesce(t.tenant_id, ''), kind = 'record', state = 'open',
                       channel = CASE WHEN l.topic LIKE 'deliveries.%' THEN split_part(l.topic, '.', 2) END,
                       lane = CASE WHEN l.topic LIKE 'deliveries.%' THEN split_part(l.topic, '.', 3) WHEN l.topic LIKE 'notifications.%' THEN split_part(l.topic, '.', 2) END,
                       fingerprint = left(encode(sha256(convert_to(concat_ws(E'\n', coalesce(t.tenant_id, ''), 'record', l.topic, '', l.cause, ''), 'UTF8')), 'hex'), 16)
                  FROM dead_letters o LEFT JOIN tenants t ON t.tenant_id = o.tenant_id
                 WHERE o.tenant_id = l.tenant_id AND o.dead_letter_id = l.dead_letter_id;

                INSERT INTO dead_letters (tenant_id, dead_letter_id, created_at, kind, fingerprint, channel, lane, provider, code, cause, detail, notification_id, delivery_id, accepted_at, attempt_count, ambiguous, state)
                SELECT tenant_id, delivery_id, updated_at, 'delivery',
                       left(encode(sha256(convert_to(concat_ws(E'\n', tenant_id, 'delivery', channel, coalesce(provider, ''), coalesce(code, reason, ''), ''), 'UTF8')), 'hex'), 16),
                       channel, lane, provider, code, coalesce(reason, 'unknown'), attempts->-1->>'detail', notification_id, delivery_id, accepted_at,
                       jsonb_array_length(attempts), attempts @> '[{"outcome":"ambiguous"}]' OR fence > jsonb_array_length(attempts), 'open'
                  FROM deliveries WHERE state = 'dead'
                ON CONFLICT DO NOTHING;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DELETE FROM dead_letters WHERE kind = 'delivery';");

            migrationBuilder.DropTable(
                name: "audit_log");

            migrationBuilder.DropTable(
                name: "replays");

            migrationBuilder.DropIndex(
                name: "ix_dead_letters_tenant_id_created_at_dead_letter_id",
                table: "dead_letters");

            migrationBuilder.DropIndex(
                name: "ix_dead_letters_tenant_id_fingerprint_created_at_dead_letter_id",
                table: "dead_letters");

            migrationBuilder.DropIndex(
                name: "ix_dead_letters_tenant_id_state_created_at_dead_letter_id",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "accepted_at",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "ambiguous",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "attempt_count",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "channel",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "code",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "delivery_id",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "fingerprint",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "lane",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "last_replay_id",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "notification_id",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "provider",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "replayed_at",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "state",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "template",
                table: "dead_letters");

            migrationBuilder.AlterColumn<string>(
                name: "topic",
                table: "dead_letters",
                type: "text",
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "record_value",
                table: "dead_letters",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "bytea",
                oldNullable: true);

            migrationBuilder.AlterColumn<long>(
                name: "record_offset",
                table: "dead_letters",
                type: "bigint",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "bigint",
                oldNullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "record_key",
                table: "dead_letters",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "bytea",
                oldNullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "record_headers",
                table: "dead_letters",
                type: "jsonb",
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "jsonb",
                oldNullable: true);

            migrationBuilder.AlterColumn<int>(
                name: "partition",
                table: "dead_letters",
                type: "integer",
                nullable: false,
                defaultValue: 0,
                oldClrType: typeof(int),
                oldType: "integer",
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_tenant_id_created_at",
                table: "dead_letters",
                columns: new[] { "tenant_id", "created_at" });
        }
    }
}
