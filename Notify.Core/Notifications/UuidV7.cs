using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Notify.Core.Notifications;

/// <summary>Ids that carry their time (RFC 9562 §5.7): new ones, deterministic ones, and the time inside one.</summary>
public static class UuidV7
{
    public static Guid New(DateTimeOffset time) => Guid.CreateVersion7(time);

    /// <summary>The same time and material give the same id, wherever and whenever it is made.</summary>
    public static Guid Derive(DateTimeOffset time, ReadOnlySpan<byte> material)
    {
        Span<byte> bytes = stackalloc byte[32];
        SHA256.HashData(material, bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (time.ToUnixTimeMilliseconds() << 16) | (uint)(bytes[6] << 8) | bytes[7]);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes[..16], bigEndian: true);
    }

    /// <summary>The ids of a moment, to the millisecond, lie between these two, in the order that Postgres and
    /// <see cref="Guid.CompareTo(Guid)"/> have.</summary>
    public static (Guid First, Guid Last) RangeAt(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16); // no id is older than 1970
        var first = new Guid(bytes, bigEndian: true);
        bytes[6..].Fill(0xFF);
        return (first, new Guid(bytes, bigEndian: true));
    }

    // The end of year 9999, where DateTimeOffset ends; 48 bits of milliseconds reach further.
    private static readonly long MaxMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The time inside, to the millisecond; false for another version or variant, and for a time after year 9999.</summary>
    public static bool TryGetTime(Guid id, out DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16 & 0xFFFF_FFFF_FFFF;
        var known = bytes[6] >> 4 == 7 && bytes[8] >> 6 == 0b10 && milliseconds <= MaxMilliseconds;
        time = known ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return known;
    }

    /// <summary>The time inside an id that is known to be a UUIDv7.</summary>
    public static DateTimeOffset TimeOf(Guid id) =>
        TryGetTime(id, out var time) ? time : throw new ArgumentException("Not a UUIDv7.", nameof(id));
}
