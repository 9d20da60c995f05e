using Microsoft.Extensions.Logging.Abstractions;
using Notify.Api.Commands;
using Notify.Api.Keys;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;

namespace Notify.Tests.Api.Keys;

public sealed class ApiKeyDirectoryTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(Start);

    [Fact]
    public async Task Key_opens_its_tenant_with_its_scopes()
    {
        await AddAsync("acme", "ci", "ntf_1", "send", "read");
        using var directory = Directory();
        var caller = await directory.FindAsync(KeyHash.Of("ntf_1"), Cancel);
        Assert.Equal("acme", caller!.Tenant);
        Assert.Equal(["read", "send"], caller.Scopes.Order());
        Assert.Null(await directory.FindAsync(KeyHash.Of("ntf_2"), Cancel));
        Assert.Null(await directory.FindAsync(KeyHash.Of("NTF_1"), Cancel));
    }

    [Fact]
    public async Task Revoked_keys_and_keys_of_disabled_tenants_are_refused()
    {
        await AddAsync("acme", "old", "ntf_old", "send");
        await AddAsync("off", "ci", "ntf_off", "send");
        await Database.ExecuteAsync(
            "UPDATE api_keys SET revoked_at = now() WHERE key_id = 'old'; UPDATE tenants SET enabled = false WHERE tenant_id = 'off'"
        );
        using var directory = Directory();
        Assert.Null(await directory.FindAsync(KeyHash.Of("ntf_old"), Cancel));
        Assert.Null(await directory.FindAsync(KeyHash.Of("ntf_off"), Cancel));
    }

    [Fact]
    public async Task Key_is_good_until_the_moment_it_expires()
    {
        await KeyStore.AddAsync(Database.Source, "acme", "ci", "ntf_1", ["send"], Start.AddMinutes(1), Start, Cancel);
        using var directory = Directory();
        Assert.NotNull(await directory.FindAsync(KeyHash.Of("ntf_1"), Cancel));
        _time.Now = Start.AddMinutes(1).AddTicks(-10);
        Assert.NotNull(await directory.FindAsync(KeyHash.Of("ntf_1"), Cancel));
        _time.Now = Start.AddMinutes(1);
        Assert.Null(await directory.FindAsync(KeyHash.Of("ntf_1"), Cancel));
    }

    [Fact]
    public async Task New_key_works_within_a_second_and_a_guesser_asks_the_database_once_a_second()
    {
        using var directory = Directory();
        Assert.Null(await directory.FindAsync(KeyHash.Of("ntf_1"), Cancel));
        await AddAsync("acme", "ci", "ntf_1", "send");
        Assert.Null(await directory.FindAsync(KeyHash.Of("ntf_1"), Cancel));
        _time.Now += TimeSpan.FromSeconds(1.1);
        Assert.NotNull(await directory.FindAsync(KeyHash.Of("ntf_1"), Cancel));
    }

    [Fact]
    public async Task Key_id_that_is_made_again_gets_the_new_key_in_its_place()
    {
        await AddAsync("acme", "ci", "ntf_1", "send");
        await AddAsync("acme", "ci", "ntf_2", "read");
        using var directory = Directory();
        Assert.Null(await directory.FindAsync(KeyHash.Of("ntf_1"), Cancel));
        Assert.Equal(["read"], (await directory.FindAsync(KeyHash.Of("ntf_2"), Cancel))!.Scopes);
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM tenants"));
    }

    private ApiKeyDirectory Directory() => new(Database.Source, _time, NullLogger<ApiKeyDirectory>.Instance);

    private async Task AddAsync(string tenant, string id, string key, params string[] scopes)
    {
        await KeyStore.AddAsync(Database.Source, tenant, id, key, scopes, null, Start, Cancel);
    }
}
