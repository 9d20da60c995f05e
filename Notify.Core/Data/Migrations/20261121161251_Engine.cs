using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notify.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Engine : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deliveries_due_at",
                table: "deliveries");

            migrationBuilder.DropIndex(
                name: "ix_deliveries_tenant_id_accepted_at_notification_id",
                table: "deliveries");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_notification_id",
                table: "deliveries",
                column: "notification_id");

            migrationBuilder.AddColumn<int>(
                name: "weight",
                table: "tenants",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "queued_at",
                table: "deliveries",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "lane_positions",
                columns: table => new
                {
                    topic = table.Column<string>(type: "text", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    passed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reported_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lane_positions", x => new { x.topic, x.partition });
                });

            migrationBuilder.CreateTable(
                name: "provider_statuses",
                columns: table => new
                {
                    channel = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    credential = table.Column<string>(type: "text", nullable: false),
                    instance = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: true),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    channel_paused = table.Column<bool>(type: "boolean", nullable: false),
                    reported_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_statuses", x => new { x.channel, x.provider, x.credential, x.instance });
                });

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_channel_lane_due_at",
                table: "deliveries",
                columns: new[] { "channel", "lane", "due_at" },
                filter: "due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_channel_lane_tenant_id_accepted_at_delivery_id",
                table: "deliveries",
                columns: new[] { "channel", "lane", "tenant_id", "accepted_at", "delivery_id" },
                filter: "state = 'waiting' AND reason = 'share'");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_channel_lane_tenant_id_queued_at",
                table: "deliveries",
                columns: new[] { "channel", "lane", "tenant_id", "queued_at" },
                filter: "state = 'queued'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "lane_positions");

            migrationBuilder.DropTable(
                name: "provider_statuses");

            migrationBuilder.DropIndex(
                name: "ix_deliveries_notification_id",
                table: "deliveries");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_tenant_id_accepted_at_notification_id",
                table: "deliveries",
                columns: new[] { "tenant_id", "accepted_at", "notification_id" });

            migrationBuilder.DropIndex(
                name: "ix_deliveries_channel_lane_due_at",
                table: "deliveries");

            migrationBuilder.DropIndex(
                name: "ix_deliveries_channel_lane_tenant_id_accepted_at_delivery_id",
                table: "deliveries");

            migrationBuilder.DropIndex(
                name: "ix_deliveries_channel_lane_tenant_id_queued_at",
                table: "deliveries");

            migrationBuilder.DropColumn(
                name: "weight",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "queued_at",
                table: "deliveries");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_due_at",
                table: "deliveries",
                column: "due_at",
                filter: "due_at IS NOT NULL");
        }
    }
}
