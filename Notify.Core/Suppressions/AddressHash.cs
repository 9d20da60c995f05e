using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Notify.Core.Channels;

namespace Notify.Core.Suppressions;

/// <summary>
/// What a suppression keeps instead of an address: the key by which it is found, of one length for all channels, which stays after the
/// person was deleted without naming anybody.
/// </summary>
/// <remarks>
/// SHA-256 over tenant, channel and address rather than an HMAC: the same database holds the recipients' addresses themselves, so a secret
/// would protect little, while losing it would lose every suppression, and changing it could not be done at all (no address is
/// there to be hashed again). Tenant and channel are hashed too, so equal addresses of two tenants have nothing in common. It is a
/// pseudonym and no secrecy: whoever has the table and tries out all phone numbers finds them.
/// </remarks>
public static class AddressHash
{
    private const int MaxOnStack = 1024; // a phone number or mail address, not every token

    /// <summary>Bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>32 bytes, always the same for the same three.</summary>
    /// <param name="tenant">Whose suppression it is.</param>
    /// <param name="channel">The channel of the address.</param>
    /// <param name="address">In the one form that its channel sends to (a mail address with its domain as it is sent, E.164, a token): the
    /// caller's to see to, since another form is another hash.</param>
    public static byte[] Of(string tenant, Channel channel, string address)
    {
        var name = channel.ToName();
        var length = 3 * sizeof(int) + Encoding.UTF8.GetMaxByteCount(tenant.Length + name.Length + address.Length);
        var rented = length > MaxOnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> bytes = rented ?? stackalloc byte[MaxOnStack];
        var written = Append(bytes, tenant);
        written += Append(bytes[written..], name);
        written += Append(bytes[written..], address);
        var hash = SHA256.HashData(bytes[..written]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary>The length goes first, so that no other split of the same letters gives the same bytes.</summary>
    private static int Append(Span<byte> bytes, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, bytes[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        return sizeof(int) + length;
    }
}
