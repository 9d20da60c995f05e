using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Notify.Benchmarks.Load;

/// <summary>Reads one HTTP/1.1 response after another from a connection: the status, and where the body ends. The body is passed over.</summary>
internal sealed class ResponseReader(Socket socket)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The status code.</summary>
    /// <exception cref="IOException">The peer hung up, or wrote what is no HTTP/1.1.</exception>
    public async ValueTask<int> ReadAsync(CancellationToken cancellationToken)
    {
        int headLength;
        while ((headLength = Unread.IndexOf("\r\n\r\n"u8)) < 0)
            await FillAsync(cancellationToken);
        var (status, length, chunked) = ParseHead(Unread[..headLength]);
        _start += headLength + 4;
        if (chunked)
            await PassChunksAsync(cancellationToken);
        else
            await PassAsync(length, cancellationToken);
        return status;
    }

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    private static (int Status, long Length, bool Chunked) ParseHead(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
            throw new IOException("The answer is no HTTP/1.1.");
        var (length, chunked) = (0L, false);
        foreach (var range in head.SplitAny((byte)'\n'))
        {
            var line = head[range].TrimEnd((byte)'\r');
            if (Starts(line, "content-length:") && !Utf8Parser.TryParse(line["content-length:".Length..].TrimStart((byte)' '), out length, out _))
                throw new IOException("The length of the answer is no number.");
            if (Starts(line, "transfer-encoding:"))
                chunked = true;
        }
        return (status, length, chunked);
    }

    private static bool Starts(ReadOnlySpan<byte> line, string name) => line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private async ValueTask PassChunksAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int lineLength;
            while ((lineLength = Unread.IndexOf("\r\n"u8)) < 0)
                await FillAsync(cancellationToken);
            if (!Utf8Parser.TryParse(Unread[..lineLength], out long size, out _, 'x'))
                throw new IOException("A chunk of the answer has no length.");
            _start += lineLength + 2;
            await PassAsync(size + 2, cancellationToken);   // with the line end behind it; there are no trailers
            if (size == 0)
                return;
        }
    }

    private async ValueTask PassAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (_start == _end)
                await FillAsync(cancellationToken);
            var here = (int)Math.Min(count, _end - _start);
            _start += here;
            count -= here;
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            throw new IOException("The head of the answer is too long.");
        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read > 0 ? read : throw new IOException("The server hung up.");
    }
}
