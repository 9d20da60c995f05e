using Notify.Core.Channels;
using Notify.Core.Suppressions;

namespace Notify.Tests.Core.Suppressions;

public sealed class AddressHashTests
{
    [Fact]
    public void Hash_is_always_the_same()
    {
        var hash = AddressHash.Of("acme", Channel.Email, "ada@example.test");
        Assert.Equal(AddressHash.Length, hash.Length);
        // Rows hold it: another value loses every suppression that was kept. By: printf of the lengths and texts | sha256sum.
        Assert.Equal("d8129069c6f88e884e4152af625ca3964b0ce0af17071ff9e3254d6f80021de1", Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Tenant_channel_and_address_each_count()
    {
        byte[][] hashes =
        [
            AddressHash.Of("acme", Channel.Email, "ada@example.test"),
            AddressHash.Of("other", Channel.Email, "ada@example.test"),
            AddressHash.Of("acme", Channel.Sms, "ada@example.test"),
            AddressHash.Of("acme", Channel.Email, "Ada@example.test"),
            AddressHash.Of("acmee", Channel.Email, "mail"),
            AddressHash.Of("acme", Channel.Email, "email"),
        ];
        Assert.Equal(hashes.Length, hashes.Select(Convert.ToHexString).Distinct().Count());
    }
}
