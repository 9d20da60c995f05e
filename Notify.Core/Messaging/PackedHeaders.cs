using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>
/// Headers in one piece of memory: of each its name and its value, either behind its length in four bytes; a value that is null has the
/// length -1.
/// </summary>
internal static class PackedHeaders
{
    public static byte[] Pack(Headers headers)
    {
        var size = 0;
        for (var i = 0; i < headers.Count; i++)
            size += 2 * sizeof(int) + Encoding.UTF8.GetByteCount(headers[i].Key) + (headers[i].GetValueBytes()?.Length ?? 0);
        var packed = new byte[size];
        var rest = packed.AsSpan();
        for (var i = 0; i < headers.Count; i++)
        {
            var length = Encoding.UTF8.GetBytes(headers[i].Key, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32LittleEndian(rest, length);
            rest = rest[(sizeof(int) + length)..];
            var value = headers[i].GetValueBytes();
            BinaryPrimitives.WriteInt32LittleEndian(rest, value?.Length ?? -1);
            rest = rest[sizeof(int)..];
            value?.CopyTo(rest);
            rest = rest[(value?.Length ?? 0)..];
        }
        return packed;
    }

    public static Headers Unpack(ReadOnlySpan<byte> packed)
    {
        var headers = new Headers();
        while (!packed.IsEmpty)
        {
            var name = Encoding.UTF8.GetString(Take(ref packed));
            headers.Add(name, BinaryPrimitives.ReadInt32LittleEndian(packed) < 0 ? Missing(ref packed) : Take(ref packed).ToArray());
        }
        return headers;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> packed)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(packed);
        var taken = packed.Slice(sizeof(int), length);
        packed = packed[(sizeof(int) + length)..];
        return taken;
    }

    private static byte[]? Missing(ref ReadOnlySpan<byte> packed)
    {
        packed = packed[sizeof(int)..];
        return null;
    }
}
