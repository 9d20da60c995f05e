using Notify.Core.Channels;
using Notify.Core.Preferences;
using Notify.Core.Tenants;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;

namespace Notify.Tests.Core.Tenants;

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
            [await IsEnabledAsync(directory, "on"), await IsEnabledAsync(directory, "off"), await IsEnabledAsync(directory, "none")]
        );
    }

    [Fact]
    public async Task New_tenant_is_found_after_a_second_and_a_change_after_five()
    {
        var directory = new TenantDirectory(Database.Source, _time);
        Assert.Null(await directory.FindAsync("acme", Cancel));
        await Database.ExecuteAsync("INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now())");
        Assert.Null(await directory.FindAsync("acme", Cancel)); // just read: a stream of unknown tenants asks once a second
        _time.Now += TimeSpan.FromSeconds(1.1);
        Assert.True(await IsEnabledAsync(directory, "acme"));

        await Database.ExecuteAsync("UPDATE tenants SET enabled = false");
        _time.Now += TimeSpan.FromSeconds(4);
        Assert.True(await IsEnabledAsync(directory, "acme"));
        _time.Now += TimeSpan.FromSeconds(1.1);
        Assert.False(await IsEnabledAsync(directory, "acme"));
    }

    [Fact]
    public async Task Settings_and_categories_are_read_again_where_they_changed()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO tenants (tenant_id, enabled, created_at, time_zone, default_channels, strict_categories, consent_version)
            VALUES ('acme', true, now(), 'Europe/Berlin', '{"sms": false, "carrier pigeon": true}', true, 1), ('other', true, now(), NULL, NULL, false, 0);
            INSERT INTO categories (tenant_id, category_id, definition, created_at, updated_at)
            VALUES ('acme', 'news', '{"title": {"en": "News"}, "type": "marketing"}', now(), now()), ('acme', 'odd', '{"mode": "never"}', now(), now())
            """
        );
        var directory = new TenantDirectory(Database.Source, _time);

        var acme = await directory.FindAsync("acme", Cancel);
        Assert.Equal(("Europe/Berlin", false, true), (acme!.Consent.Zone?.Id, acme.Consent.Channels[Channel.Sms], acme.Consent.IsStrict));
        Assert.Equal("marketing", acme.CategoryOf("news")?.Type);
        Assert.Null(acme.CategoryOf("odd")); // by rules of another version
        Assert.Same(TenantConsent.None.Zone, (await directory.FindAsync("other", Cancel))!.Consent.Zone);

        await Database.ExecuteAsync(
            "UPDATE categories SET definition = jsonb_set(definition, '{enabled}', 'false') WHERE category_id = 'news'; UPDATE tenants SET consent_version = 2 WHERE tenant_id = 'acme'"
        );
        Assert.True((await directory.FindAsync("acme", Cancel))!.CategoryOf("news")!.IsEnabled);
        _time.Now += TimeSpan.FromSeconds(5.1);
        Assert.False((await directory.FindAsync("acme", Cancel))!.CategoryOf("news")!.IsEnabled);
    }

    private static async Task<bool?> IsEnabledAsync(TenantDirectory directory, string tenant) =>
        (await directory.FindAsync(tenant, Cancel))?.IsEnabled;
}
