using System.Buffers;

namespace Notify.Sandbox.Smtp;

/// <summary>Collects the data of one mail: takes the dots out again and finds the end.</summary>
internal sealed class MailData
{
    /// <summary>Bytes; announced as SIZE.</summary>
    public const int MaxSize = 10 * 1024 * 1024;

    /// <summary>A longer line without an end is taken in pieces, so that it cannot fill the pipe.</summary>
    private const int MaxHeld = 65_536;
    private const int KeepBuffer = 262_144;
    private ArrayBufferWriter<byte> _data = new(4096);
    private bool _lineStart = true;

    public bool TooLarge { get; private set; }

    public void Start()
    {
        if (_data.Capacity > KeepBuffer)
            _data = new ArrayBufferWriter<byte>(4096);
        else
            _data.ResetWrittenCount();
        _lineStart = true;
        TooLarge = false;
    }

    /// <summary>Takes what is there, up to the final dot.</summary>
    /// <returns>True when the final dot was met; the rest of the buffer is the next command.</returns>
    public bool TryFinish(ref ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        var finished = false;
        while (!finished && reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            var span = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
            finished = _lineStart && span is [(byte)'.', (byte)'\r'];
            if (!finished)
                Add(span, ended: true);
        }

        if (!finished && reader.Remaining > MaxHeld)
        {
            // the last byte may be half of an end of line
            Add(reader.UnreadSequence.Slice(0, reader.Remaining - 1).ToArray(), ended: false);
            reader.Advance(reader.Remaining - 1);
        }

        buffer = buffer.Slice(reader.Position);
        return finished;
    }

    public byte[] ToArray() => _data.WrittenSpan.ToArray();

    private void Add(ReadOnlySpan<byte> line, bool ended)
    {
        if (_lineStart && line is [(byte)'.', ..])
            line = line[1..];
        // Only CR LF starts a new line: taking a lone LF for one is what mail smuggling lives on.
        _lineStart = ended && line is [.., (byte)'\r'];
        if (_data.WrittenCount + line.Length + 1 > MaxSize)
            TooLarge = true;
        if (TooLarge)
            return;
        _data.Write(line);
        if (ended)
            _data.Write("\n"u8);
    }
}
