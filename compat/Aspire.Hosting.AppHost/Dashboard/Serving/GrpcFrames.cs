using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>
/// gRPC's framing of messages in an HTTP/2 body: one byte that says whether the message is compressed, its length as four bytes, big-endian, the message.
/// </summary>
internal static class GrpcFrames
{
    /// <summary>Longest message that is read, in bytes; the dashboard's requests have tens.</summary>
    public const int MaxRequestLength = 64 * 1024;

    private const int HeaderLength = 5;

    /// <summary>The request's only message.</summary>
    public static async Task<T> ReadAsync<T>(PipeReader reader, MessageParser<T> parser, CancellationToken cancellationToken) where T : IMessage<T>
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (TryGetMessage(read.Buffer, out var message))
            {
                try
                {
                    return parser.ParseFrom(message);
                }
                catch (InvalidProtocolBufferException)
                {
                    throw new GrpcException(GrpcStatus.InvalidArgument, "The request is not a message of this method.");
                }
                finally
                {
                    reader.AdvanceTo(message.End);
                }
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                throw new GrpcException(GrpcStatus.InvalidArgument, "The request ended before its message was complete.");
        }
    }

    /// <summary>Sends one message at once. Ends with a cancellation when the peer is gone.</summary>
    public static async Task WriteAsync(PipeWriter writer, IMessage message, CancellationToken cancellationToken)
    {
        WriteHeader(writer, message.CalculateSize());
        message.WriteTo(writer);
        var flushed = await writer.FlushAsync(cancellationToken);
        if (flushed.IsCompleted)
            throw new OperationCanceledException("The caller has gone.");
    }

    private static void WriteHeader(PipeWriter writer, int length)
    {
        var header = writer.GetSpan(HeaderLength);
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
        writer.Advance(HeaderLength);
    }

    private static bool TryGetMessage(ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < HeaderLength)
            return false;

        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        if (header[0] != 0)
            throw new GrpcException(GrpcStatus.Unimplemented, "Compressed messages are not read here.");

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > MaxRequestLength)
            throw new GrpcException(GrpcStatus.ResourceExhausted, $"A request may have {MaxRequestLength} bytes.");
        if (buffer.Length < HeaderLength + length)
            return false;

        message = buffer.Slice(HeaderLength, length);
        return true;
    }
}
