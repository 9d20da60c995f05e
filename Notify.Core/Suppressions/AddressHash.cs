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
    /// <summary>Bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>32 bytes, always the same for the same three.</summary>
    /// <param name="tenant">Whose suppression it is.</param>
    /// <param name="channel">The channel of the address.</param>
    /// <param name="address">In the one form that its channel sends to (a mail address with its domain as it is sent, E.164, a token): the
    /// caller's to see to, since another form is another hash.</param>
    public static byte[] Of(string tenant, Channel channel, string address)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, tenant);
        Append(hash, channel.ToName());
        Append(hash, address);
        return hash.GetHashAndReset();
    }

    /// <summary>The length goes first, so that no other split of the same letters gives the same bytes.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, Encoding.UTF8.GetByteCount(text));
        hash.AppendData(length);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
