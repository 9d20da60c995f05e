using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Notify.Api.Keys;

/// <summary>SHA-256 of a key: what is stored and looked up. A value of its own, since it is made for every request.</summary>
internal readonly record struct KeyHash
{
    private const int MaxCharacters = 512;
    private readonly UInt128 _first;
    private readonly UInt128 _second;

    /// <param name="bytes">The 32 bytes of the hash, as they are stored.</param>
    public KeyHash(ReadOnlySpan<byte> bytes) =>
        (_first, _second) = (
            BinaryPrimitives.ReadUInt128BigEndian(bytes),
            BinaryPrimitives.ReadUInt128BigEndian(bytes[(SHA256.HashSizeInBytes / 2)..])
        );

    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        var most = Encoding.UTF8.GetMaxByteCount(key.Length);
        Span<byte> text = key.Length <= MaxCharacters ? stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxCharacters)] : new byte[most];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(key, text)], hash);
        return new(hash);
    }
}
