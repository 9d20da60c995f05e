using System.Buffers.Binary;
using System.Text;

namespace Notify.Benchmarks.Load;

/// <summary>As much of Kafka's protocol as a proxy needs (kafka.apache.org/protocol: request and response headers, Metadata).</summary>
internal static class KafkaFrames
{
    public const short Produce = 0;
    public const short Metadata = 3;
    private const int FirstWithThrottle = 3;
    private const int FirstFlexible = 9; // compact lengths and tagged fields from this version on

    /// <summary>Replaces the port of each broker in a Metadata answer. The length stays, since a port has four bytes in every
    /// version.</summary>
    /// <param name="answer">From the correlation id on.</param>
    /// <param name="version">That of the request.</param>
    /// <param name="portFor">The port to put in the place of a broker's host and port.</param>
    public static void ReplacePorts(Span<byte> answer, short version, Func<string, int, int> portFor)
    {
        var at = 4; // after the correlation id
        var flexible = version >= FirstFlexible;
        if (flexible)
            SkipTags(answer, ref at);
        if (version >= FirstWithThrottle)
            at += 4;
        var brokers = flexible ? Compact(answer, ref at) : Int32(answer, ref at);
        for (var broker = 0; broker < brokers; broker++)
        {
            at += 4; // the node's id
            var length = flexible ? Compact(answer, ref at) : Int16(answer, ref at);
            var host = Encoding.UTF8.GetString(answer.Slice(at, length));
            at += length;
            var port = answer[at..];
            BinaryPrimitives.WriteInt32BigEndian(port, portFor(host, BinaryPrimitives.ReadInt32BigEndian(port)));
            at += 4;
            if (version >= 1)
            {
                var rack = flexible ? Compact(answer, ref at) : Int16(answer, ref at);
                at += Math.Max(0, rack); // none is -1
            }
            if (flexible)
                SkipTags(answer, ref at);
        }
    }

    private static int Int16(ReadOnlySpan<byte> bytes, ref int at) => BinaryPrimitives.ReadInt16BigEndian(bytes[((at += 2) - 2)..]);

    private static int Int32(ReadOnlySpan<byte> bytes, ref int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[((at += 4) - 4)..]);

    /// <summary>A length, written as one more than it is; 0 stands for none, -1.</summary>
    private static int Compact(ReadOnlySpan<byte> bytes, ref int at) => VarInt(bytes, ref at) - 1;

    private static int VarInt(ReadOnlySpan<byte> bytes, ref int at)
    {
        for (int value = 0, shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static void SkipTags(ReadOnlySpan<byte> bytes, ref int at)
    {
        for (var tags = VarInt(bytes, ref at); tags > 0; tags--)
        {
            VarInt(bytes, ref at); // which
            var length = VarInt(bytes, ref at);
            at += length;
        }
    }
}
