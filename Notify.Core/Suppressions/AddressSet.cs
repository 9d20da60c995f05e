namespace Notify.Core.Suppressions;

/// <summary>An address of a tenant.</summary>
public readonly record struct OwnedAddress(string Tenant, Channels.Channel Channel, string Address);

/// <summary>Addresses, each once, with what they are looked up by.</summary>
public sealed class AddressSet(IReadOnlyCollection<OwnedAddress> addresses)
{
    private byte[][]? _hashes;

    public IReadOnlyList<OwnedAddress> All { get; } = [.. addresses];

    /// <summary>In the same order; made once, however often they are looked up.</summary>
    public IReadOnlyList<byte[]> Hashes =>
        _hashes ??= [.. All.Select(address => AddressHash.Of(address.Tenant, address.Channel, address.Address))];
}
