using Microsoft.EntityFrameworkCore;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Core.Data;

public sealed class MigrationTests(PostgresServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task Migrations_make_the_whole_model()
    {
        await using var context = PostgresServer.NewContext(Database.ConnectionString);
        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Cancel));
        await context.Database.MigrateAsync(Cancel); // again is nothing
    }

    [Fact]
    public async Task Every_entity_can_be_asked_for()
    {
        await using var context = PostgresServer.NewContext(Database.ConnectionString);
        Assert.False(await context.Tenants.AnyAsync(Cancel));
        Assert.False(await context.ApiKeys.AnyAsync(Cancel));
        Assert.False(await context.Recipients.AnyAsync(Cancel));
        Assert.False(await context.Devices.AnyAsync(Cancel));
        Assert.Null(await context.Notifications.FirstOrDefaultAsync(Cancel));
        Assert.Null(await context.Deliveries.FirstOrDefaultAsync(Cancel));
        Assert.False(await context.QueuedBatches.AnyAsync(Cancel));
        Assert.False(await context.Claims.AnyAsync(Cancel));
        Assert.False(await context.Cancellations.AnyAsync(Cancel));
        Assert.False(await context.DedupKeys.AnyAsync(Cancel));
        Assert.Null(await context.DeadLetters.FirstOrDefaultAsync(Cancel));
        Assert.Null(await context.Replays.FirstOrDefaultAsync(Cancel));
        Assert.Null(await context.AuditLog.FirstOrDefaultAsync(Cancel));
    }

    [Fact]
    public async Task Key_of_every_table_starts_with_the_tenant_but_a_deliverys_which_is_its_id() =>
        Assert.Equal(
            [
                "api_keys",
                "audit_log",
                "cancellations",
                "categories",
                "consent_log",
                "dead_letters",
                "dedup_keys",
                "devices",
                "notifications",
                "recipients",
                "replays",
                "suppressions",
                "tenants",
            ],
            await Database.ListAsync(
                """
                SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                 WHERE i.indisprimary AND a.attname = 'tenant_id' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
                """
            )
        );
}
