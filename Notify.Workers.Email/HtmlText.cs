using MimeKit.Text;

namespace Notify.Workers.Email;

/// <summary>
/// The text part of a mail that has only HTML: paragraphs as paragraphs, items with a dash, links with their address. For readers who see
/// text, and for filters that distrust a mail without.
/// </summary>
internal static class HtmlText
{
    /// <summary>The text; empty where the HTML shows none.</summary>
    public static string Of(string html)
    {
        var writer = new HtmlTextWriter();
        var tokenizer = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        while (tokenizer.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken { IsEndTag: false } tag:
                    writer.Open(tag);
                    break;
                case HtmlTagToken tag:
                    writer.Close(tag.Id);
                    break;
                case HtmlDataToken { Kind: HtmlTokenKind.Data or HtmlTokenKind.CData } data:
                    writer.Write(data.Data);
                    break;
                default:
                    break; // comments, scripts, the document type
            }
        }
        return writer.ToString();
    }
}
