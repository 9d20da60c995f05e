using System.Text;
using System.Text.RegularExpressions;

namespace Notify.Sandbox.Mail;

/// <summary>Decodes <c>=?utf-8?B?...?=</c> in header values (RFC 2047).</summary>
internal static partial class EncodedWords
{
    public static string? Decode(string? value)
    {
        if (value is null || !value.Contains("=?", StringComparison.Ordinal))
            return value;
        // Blanks between two encoded words are not part of the text; a character may be split between two words of one charset.
        var joined = BetweenWords().Replace(value, "$1");
        return Run()
            .Replace(joined, run =>
            {
                var words = Word().Matches(run.Value);
                var bytes = new List<byte>();
                foreach (Match word in words)
                {
                    var text = Encoding.ASCII.GetBytes(word.Groups[3].Value);
                    bytes.AddRange(
                        word.Groups[2].Value is "B" or "b"
                            ? TransferEncoding.Base64(text)
                            : TransferEncoding.QuotedPrintable(text, underscoreIsBlank: true)
                    );
                }

                return Charset.Decode([.. bytes], words[0].Groups[1].Value);
            });
    }

    [GeneratedRegex(@"(\?=)\s+(?==\?)", RegexOptions.None, 1000)]
    private static partial Regex BetweenWords();

    [GeneratedRegex(
        @"=\?([^?\s*]+)(?:\*[^?\s]*)?\?[BbQq]\?[^?\s]*\?=(?:=\?\1(?:\*[^?\s]*)?\?[BbQq]\?[^?\s]*\?=)*",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Run();

    [GeneratedRegex(@"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?\s]*)\?=", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
