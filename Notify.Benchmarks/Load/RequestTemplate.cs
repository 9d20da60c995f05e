using System.Globalization;
using System.Text;

namespace Notify.Benchmarks.Load;

/// <summary>
/// The bytes of an HTTP/1.1 request in which each run of seven # becomes a new number, so that no two notifications have the same
/// recipient. Of constant length, so that a request is a copy and a few digits.
/// </summary>
internal sealed class RequestTemplate
{
    private const string Slot = "#######";
    private static int s_number;
    private readonly byte[] _bytes;
    private readonly int[] _slots;

    private RequestTemplate(byte[] bytes, int[] slots) => (_bytes, _slots) = (bytes, slots);

    public int Length => _bytes.Length;

    public static RequestTemplate Post(Uri server, string path, string body, string? key)
    {
        var authorization = key is null ? "" : $"Authorization: Bearer {key}\r\n";
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{authorization}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n"
        );
        var bytes = Encoding.UTF8.GetBytes(head + body);
        var slots = new List<int>();
        for (var at = 0; bytes.AsSpan(at).IndexOf("#######"u8) is >= 0 and var next; at += next + Slot.Length)
            slots.Add(at + next);
        return new(bytes, [.. slots]);
    }

    public void Fill(Span<byte> request)
    {
        _bytes.CopyTo(request);
        foreach (var slot in _slots)
        {
            var number = Interlocked.Increment(ref s_number) % 10_000_000;
            for (var digit = slot + Slot.Length - 1; digit >= slot; digit--, number /= 10)
                request[digit] = (byte)('0' + number % 10);
        }
    }
}
