using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notify.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "dead_letters",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    dead_letter_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    topic = table.Column<string>(type: "text", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    record_offset = table.Column<long>(type: "bigint", nullable: false),
                    record_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    record_headers = table.Column<string>(type: "jsonb", nullable: false),
                    record_value = table.Column<byte[]>(type: "bytea", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dead_letters", x => new { x.tenant_id, x.dead_letter_id });
                });

            migrationBuilder.CreateTable(
                name: "dedup_keys",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    key = table.Column<string>(type: "character varying(280)", maxLength: 280, nullable: false),
                    notification_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dedup_keys", x => new { x.tenant_id, x.key });
                });

            // Partitioned by the time inside the id, so that retention is a dropped partition and a look-up by id touches one.
            // Migrations cannot say PARTITION BY; Data/DayPartitions.cs makes the days.
            migrationBuilder.Sql("""
                CREATE TABLE deliveries (
                    tenant_id varchar(64) NOT NULL,
                    accepted_at timestamptz NOT NULL,
                    delivery_id uuid NOT NULL,
                    notification_id uuid NOT NULL,
                    channel text NOT NULL,
                    lane text NOT NULL,
                    recipient_id text NULL,
                    address text NULL,
                    device jsonb NULL,
                    state text NOT NULL,
                    reason text NULL,
                    attempt integer NOT NULL,
                    fence integer NOT NULL,
                    at_most_once boolean NOT NULL,
                    due_at timestamptz NULL,
                    expires_at timestamptz NOT NULL,
                    provider text NULL,
                    provider_message_id text NULL,
                    code text NULL,
                    segments integer NULL,
                    attempts jsonb NOT NULL DEFAULT '[]'::jsonb,
                    sent_at timestamptz NULL,
                    updated_at timestamptz NOT NULL DEFAULT now(),
                    CONSTRAINT pk_deliveries PRIMARY KEY (tenant_id, accepted_at, delivery_id)
                ) PARTITION BY RANGE (accepted_at);
                """);

            migrationBuilder.Sql("""
                CREATE TABLE notifications (
                    tenant_id varchar(64) NOT NULL,
                    accepted_at timestamptz NOT NULL,
                    notification_id uuid NOT NULL,
                    type text NOT NULL,
                    category text NULL,
                    priority text NOT NULL,
                    lane text NOT NULL,
                    request bytea NOT NULL,
                    expires_at timestamptz NOT NULL,
                    duplicate_of uuid NULL,
                    trace_parent text NULL,
                    routed_at timestamptz NOT NULL,
                    CONSTRAINT pk_notifications PRIMARY KEY (tenant_id, accepted_at, notification_id)
                ) PARTITION BY RANGE (accepted_at);
                """);

            migrationBuilder.CreateTable(
                name: "recipients",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    recipient_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    phone = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    locale = table.Column<string>(type: "character varying(35)", maxLength: 35, nullable: true),
                    time_zone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    attributes = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recipients", x => new { x.tenant_id, x.recipient_id });
                });

            migrationBuilder.CreateTable(
                name: "tenants",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenants", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "devices",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    recipient_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    device_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    platform = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    app = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    environment = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    token = table.Column<string>(type: "character varying(4096)", maxLength: 4096, nullable: false),
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    disabled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    disabled_reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_devices", x => new { x.tenant_id, x.recipient_id, x.device_id });
                    table.ForeignKey(
                        name: "FK_devices_recipients_tenant_id_recipient_id",
                        columns: x => new { x.tenant_id, x.recipient_id },
                        principalTable: "recipients",
                        principalColumns: new[] { "tenant_id", "recipient_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    key_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => new { x.tenant_id, x.key_id });
                    table.ForeignKey(
                        name: "FK_api_keys_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_hash",
                table: "api_keys",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_tenant_id_created_at",
                table: "dead_letters",
                columns: new[] { "tenant_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_dedup_keys_created_at",
                table: "dedup_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_due_at",
                table: "deliveries",
                column: "due_at",
                filter: "due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_tenant_id_accepted_at_notification_id",
                table: "deliveries",
                columns: new[] { "tenant_id", "accepted_at", "notification_id" });

            migrationBuilder.CreateIndex(
                name: "ix_devices_tenant_id_platform_token_hash",
                table: "devices",
                columns: new[] { "tenant_id", "platform", "token_hash" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "dead_letters");

            migrationBuilder.DropTable(
                name: "dedup_keys");

            migrationBuilder.DropTable(
                name: "deliveries");

            migrationBuilder.DropTable(
                name: "devices");

            migrationBuilder.DropTable(
                name: "notifications");

            migrationBuilder.DropTable(
                name: "tenants");

            migrationBuilder.DropTable(
                name: "recipients");
        }
    }
}
