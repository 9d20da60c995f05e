using Notify.Core.Channels;
using Notify.Core.Suppressions;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Core.Suppressions;

public sealed class SuppressionRowsTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly OwnedAddress Ended = new("acme", Channel.Sms, "+15005550001");
    private static readonly OwnedAddress Two = new("acme", Channel.Sms, "+15005550002");
    private static readonly OwnedAddress Others = Two with { Tenant = "other" };

    [Fact]
    public async Task Scopes_are_found_by_address_for_their_tenant_until_they_end()
    {
        await Database.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now()), ('other', true, now())"
        );
        await AddAsync(Ended, "all", "now() - interval '1 second'");
        await AddAsync(Two, "marketing", "NULL");
        await AddAsync(Two, "category:news", "now() + interval '1 day'");
        await AddAsync(Two, "of a newer version", "NULL");

        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        var found = await SuppressionRows.FindAsync(
            connection,
            new AddressSet([Ended, Two, Others, Two with { Channel = Channel.Email }]),
            Cancel
        );

        Assert.Equal([Two], found.Keys);
        Assert.Equal(["all", "category:news", "marketing"], found[Two].Select(scope => scope.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(1, await SuppressionRows.PurgeAsync(Database.Source, TimeProvider.System.GetUtcNow(), Cancel));
        Assert.Equal(3L, await Database.ScalarAsync<long>("SELECT count(*) FROM suppressions"));
    }

    private Task AddAsync(OwnedAddress address, string scope, string expires) =>
        Database.ExecuteAsync(
            $"INSERT INTO suppressions (tenant_id, channel, address_hash, scope, suppression_id, cause, created_at, expires_at) VALUES ('{address.Tenant}', '{address.Channel.ToName()}', '\\x{Convert.ToHexString(AddressHash.Of(address.Tenant, address.Channel, address.Address))}', '{scope}', '{Guid.NewGuid()}', 'manual', now(), {expires})"
        );
}
