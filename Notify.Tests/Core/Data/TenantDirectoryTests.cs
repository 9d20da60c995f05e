using Notify.Core.Data;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;

namespace Notify.Tests.Core.Data;

public sealed class TenantDirectoryTests(PostgresServer server) : DatabaseTests(server)
{
    private readonly ManualTime _time = new(new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Tenant_is_enabled_disabled_or_unknown()
    {
        await Database.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('on', true, now()), ('off', false, now())"
        );
        var directory = new TenantDirectory(Database.Source, _time);
        Assert.Equal(
            [true, false, null],
            [await directory.FindAsync("on", Cancel), await directory.FindAsync("off", Cancel), await directory.FindAsync("none", Cancel)]
        );
    }

    [Fact]
    public async Task New_tenant_is_found_after_a_second_and_a_change_after_ten()
    {
        var directory = new TenantDirectory(Database.Source, _time);
        Assert.Null(await directory.FindAsync("acme", Cancel));
        await Database.ExecuteAsync("INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now())");
        Assert.Null(await directory.FindAsync("acme", Cancel)); // just read: a stream of unknown tenants asks once a second
        _time.Now += TimeSpan.FromSeconds(1.1);
        Assert.True(await directory.FindAsync("acme", Cancel));

        await Database.ExecuteAsync("UPDATE tenants SET enabled = false");
        _time.Now += TimeSpan.FromSeconds(9);
        Assert.True(await directory.FindAsync("acme", Cancel));
        _time.Now += TimeSpan.FromSeconds(1.1);
        Assert.False(await directory.FindAsync("acme", Cancel));
    }
}
