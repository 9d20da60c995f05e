using System.Text;

namespace MimeKit;

internal static class Charsets
{
    /// <summary>Text in a named charset; an unknown name is read as UTF-8.</summary>
    public static string Decode(string charset, byte[] bytes)
    {
        try
        {
            return Encoding.GetEncoding(charset).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8.GetString(bytes);
        }
    }
}
