using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Notify.Api.Problems;

/// <summary>A line of a body of lines.</summary>
/// <param name="Number">Its place, from one.</param>
/// <param name="Bytes">What stands in it; null where it is too long to be read.</param>
internal readonly record struct NdjsonLine(int Number, byte[]? Bytes);

/// <summary>Reads a body line by line (JSON lines, one value each), never holding more than one of them.</summary>
internal static class NdjsonLines
{
    public const string MediaType = "application/x-ndjson";

    /// <summary>Whether the body says that it is one: the common names of the form, and no compression.</summary>
    public static bool IsDeclared(HttpRequest request) =>
        request.ContentType is { } type
        && (
            type.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/ndjson", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/jsonl", StringComparison.OrdinalIgnoreCase)
        )
        && request.Headers.ContentEncoding.Count == 0;

    /// <summary>The lines that are not empty. A last one need not end. One that is too long comes without its bytes, and the next follows
    /// it.</summary>
    public static async IAsyncEnumerable<NdjsonLine> ReadAsync(
        PipeReader reader,
        int maxLineBytes,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (number, isSkipping) = (0, false);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                number++;
                if (isSkipping || !IsEmpty(line))
                    yield return LineOf(number, line, maxLineBytes, isSkipping);
                isSkipping = false;
            }
            if (read.IsCompleted)
            {
                if (isSkipping || !IsEmpty(buffer))
                    yield return LineOf(number + 1, buffer, maxLineBytes, isSkipping);
                reader.AdvanceTo(read.Buffer.End);
                yield break;
            }
            if (buffer.Length > maxLineBytes)
                (isSkipping, buffer) = (true, buffer.Slice(buffer.End));
            reader.AdvanceTo(buffer.Start, read.Buffer.End);
        }
    }

    private static NdjsonLine LineOf(int number, ReadOnlySequence<byte> line, int maxBytes, bool isSkipping) =>
        new(number, isSkipping || line.Length > maxBytes ? null : line.ToArray());

    private static bool IsEmpty(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
                return false;
        }
        return true;
    }

    /// <summary>Whether a line is text at all; the JSON reader looks into a string only when it is asked for.</summary>
    public static bool IsText(ReadOnlySpan<byte> line) => Utf8.IsValid(line);
}
