using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;

namespace Notify.Workers.Sms.Gateway;

/// <summary>How values are written in a body of one media type, and whether a body is well formed.</summary>
internal sealed class BodyFormat
{
    private static readonly BodyFormat Json = new(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode, IsJson);
    private static readonly BodyFormat Form = new(Uri.EscapeDataString, body => body.Contains('='));
    private static readonly BodyFormat Xml = new(EscapeXml, IsXml);

    private BodyFormat(Func<string, string> escape, Func<string, bool> isWellFormed) => (Escape, IsWellFormed) = (escape, isWellFormed);

    public Func<string, string> Escape { get; }

    public Func<string, bool> IsWellFormed { get; }

    /// <summary>The format of a media type; null for one that values cannot be put into, and for another charset than UTF-8.</summary>
    public static BodyFormat? Of(string contentType)
    {
        if (
            !MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !(type.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        )
            return null;
        var name = type.MediaType!.ToLowerInvariant();
        return name == "application/x-www-form-urlencoded" ? Form
            : name.EndsWith("/json", StringComparison.Ordinal) || name.EndsWith("+json", StringComparison.Ordinal) ? Json
            : name.EndsWith("/xml", StringComparison.Ordinal) || name.EndsWith("+xml", StringComparison.Ordinal) ? Xml
            : null;
    }

    /// <summary>For elements and attributes alike. What XML cannot hold at all, such as NUL, is left out.</summary>
    private static string EscapeXml(string value)
    {
        var escaped = new StringBuilder(value.Length + 16);
        for (var at = 0; at < value.Length; at++)
        {
            var letter = value[at];
            if (at + 1 < value.Length && char.IsSurrogatePair(letter, value[at + 1]))
                escaped.Append(letter).Append(value[++at]);
            else if (letter is '&' or '<' or '>' or '"' or '\'' or '\t' or '\n' or '\r')
                escaped.Append("&#").Append((int)letter).Append(';');
            else if (XmlConvert.IsXmlChar(letter))
                escaped.Append(letter);
        }

        return escaped.ToString();
    }

    private static bool IsJson(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsXml(string body)
    {
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(body),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
            );
            while (reader.Read()) { }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
