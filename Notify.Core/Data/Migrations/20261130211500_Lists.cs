using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notify.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Lists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_deliveries_recipient_id_tenant_id_accepted_at",
                table: "deliveries",
                columns: new[] { "recipient_id", "tenant_id", "accepted_at" },
                filter: "recipient_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_recipients_tenant_id_email",
                table: "recipients",
                columns: new[] { "tenant_id", "email" },
                filter: "email IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_recipients_tenant_id_phone",
                table: "recipients",
                columns: new[] { "tenant_id", "phone" },
                filter: "phone IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deliveries_recipient_id_tenant_id_accepted_at",
                table: "deliveries");

            migrationBuilder.DropIndex(
                name: "ix_recipients_tenant_id_email",
                table: "recipients");

            migrationBuilder.DropIndex(
                name: "ix_recipients_tenant_id_phone",
                table: "recipients");
        }
    }
}
