using System.Text;

namespace Notify.Sandbox.Mail;

/// <summary>Text of bytes in a named charset; UTF-8 where the name is missing or not known.</summary>
internal static class Charset
{
    public static string Decode(ReadOnlySpan<byte> bytes, string? name)
    {
        if (string.IsNullOrEmpty(name) || string.Equals(name, "utf-8", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8.GetString(bytes);
        try
        {
            return Encoding.GetEncoding(name).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8.GetString(bytes);
        }
    }
}
