using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Notify.Benchmarks.Load;

/// <summary>Reads one HTTP/1.1 response after another from a connection, as they arrive: the status, and where the body ends. The body is
/// passed over.</summary>
internal sealed class ResponseReader(Socket socket)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private Part _part;
    private int _status;
    private long _left; // of the body or the chunk

    private enum Part
    {
        Head,
        Body,
        ChunkHead,
        Chunk,
    }

    /// <summary>Takes what has arrived, once: the status code where the answer is complete with it, and null where something is
    /// missing.</summary>
    /// <exception cref="IOException">The peer hung up, or wrote what is no HTTP/1.1.</exception>
    public int? Receive()
    {
        Fill();
        while (true)
        {
            if (_part == Part.Head && !TryReadHead())
                return null;
            if (_part == Part.ChunkHead && !TryReadChunkHead())
                return null;
            var here = (int)Math.Min(_left, _end - _start);
            _start += here;
            _left -= here;
            if (_left > 0)
                return null;
            if (_part == Part.Body)
            {
                _part = Part.Head;
                return _status;
            }
            _part = Part.ChunkHead;
        }
    }

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    private bool TryReadHead()
    {
        var length = Unread.IndexOf("\r\n\r\n"u8);
        if (length < 0)
            return false;
        var head = Unread[..length];
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out _status, out _))
            throw new IOException("The answer is no HTTP/1.1.");
        (_part, _left) = (Part.Body, 0);
        foreach (var range in head.Split((byte)'\n'))
        {
            var line = head[range].TrimEnd((byte)'\r');
            if (
                Starts(line, "content-length:")
                && !Utf8Parser.TryParse(line["content-length:".Length..].TrimStart((byte)' '), out _left, out _)
            )
                throw new IOException("The length of the answer is no number.");
            if (Starts(line, "transfer-encoding:"))
                _part = Part.ChunkHead;
        }
        _start += length + 4;
        return true;
    }

    private bool TryReadChunkHead()
    {
        var length = Unread.IndexOf("\r\n"u8);
        if (length < 0)
            return false;
        if (!Utf8Parser.TryParse(Unread[..length], out long size, out _, 'x'))
            throw new IOException("A chunk of the answer has no length.");
        _start += length + 2;
        (_part, _left) = (size == 0 ? Part.Body : Part.Chunk, size + 2); // with the line end behind it; there are no trailers
        return true;
    }

    private static bool Starts(ReadOnlySpan<byte> line, string name) =>
        line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private void Fill()
    {
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            throw new IOException("The head of the answer is too long.");
        var read = socket.Receive(_buffer.AsSpan(_end));
        _end += read > 0 ? read : throw new IOException("The server hung up.");
    }
}
