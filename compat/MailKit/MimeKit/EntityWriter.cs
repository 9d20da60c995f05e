using System.Text;

namespace MimeKit;

internal static class EntityWriter
{
    /// <summary>Header fields, an empty line, the content.</summary>
    public static void Write(Stream output, byte[] content, params IEnumerable<Header> headers)
    {
        foreach (var header in headers)
            output.Write(Encoding.UTF8.GetBytes($"{header.Field}: {header.Encoded}\r\n"));
        output.Write("\r\n"u8);
        output.Write(content);
    }
}
