using System.IO.Compression;

namespace Notify.Api.Problems;

/// <summary>Bodies that come compressed: gzip is taken, within the bound of the body that it makes.</summary>
internal static class ContentCoding
{
    public const string Accepted = "gzip";

    private const string AlsoAccepted = "x-gzip"; // RFC 9110 §8.4.1.3: the same
    private const string None = "identity";
    private const int Part = 16 * 1024;

    /// <summary>Whether the body is gzip; null for a coding that is not taken (RFC 9110 §8.4).</summary>
    public static bool? IsGzip(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count == 0)
            return false;
        var codings = request
            .Headers.ContentEncoding.ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(coding => !Is(coding, None))
            .ToList();
        return codings switch
        {
            [] => false,
            [var one] when Is(one, Accepted) || Is(one, AlsoAccepted) => true,
            _ => null,
        };

        static bool Is(string coding, string name) => coding.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The body, or as much of it as shows that it is longer than the limit: a bomb is not opened further.</summary>
    /// <exception cref="InvalidDataException">This is not gzip, or not all of it.</exception>
    public static byte[] Inflate(byte[] compressed, int limit)
    {
        using var source = new MemoryStream(compressed, writable: false);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        using var body = new MemoryStream();
        var part = new byte[Part];
        while (body.Length <= limit && gzip.Read(part) is > 0 and var read)
            body.Write(part, 0, read);
        return body.ToArray();
    }
}
