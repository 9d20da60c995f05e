using System.Text;
using MimeKit.Text;

namespace Notify.Workers.Email;

/// <summary>Lays out what is shown of HTML as lines of text.</summary>
internal sealed class HtmlTextWriter
{
    private static readonly string[] Schemes = ["http://", "https://", "mailto:"];
    private static readonly char[] Spaces = [' ', '\t', '\r', '\n', '\f'];
    private readonly StringBuilder _text = new();
    private readonly Stack<(string? Address, int Start)> _links = new();
    private int _hidden; // depth of elements that show nothing
    private int _preformatted;
    private int _breaks; // line breaks owed before the next word
    private bool _space; // and whether a space is

    /// <summary>An element begins.</summary>
    public void Open(HtmlTagToken tag)
    {
        if (IsHidden(tag.Id))
        {
            _hidden += tag.IsEmptyElement ? 0 : 1;
            return;
        }
        Break(BreaksAround(tag.Id));
        switch (tag.Id)
        {
            case HtmlTagId.Br:
                _breaks = Math.Min(_breaks + 1, 2);
                _space = false;
                break;
            case HtmlTagId.LI:
                Word("- ");
                break;
            case HtmlTagId.HR:
                Word("---");
                Break(2);
                break;
            case HtmlTagId.Image:
                Write(AttributeOf(tag, HtmlAttributeId.Alt) ?? "");
                break;
            case HtmlTagId.Pre:
                _preformatted++;
                break;
            case HtmlTagId.TD or HtmlTagId.TH:
                _space = true;
                break;
            case HtmlTagId.A when !tag.IsEmptyElement:
                _links.Push((AddressOf(tag), _text.Length));
                break;
            default:
                break;
        }
    }

    /// <summary>An element ends.</summary>
    public void Close(HtmlTagId id)
    {
        if (IsHidden(id))
        {
            _hidden = Math.Max(_hidden - 1, 0);
            return;
        }
        if (id == HtmlTagId.Pre)
            _preformatted = Math.Max(_preformatted - 1, 0);
        if (id == HtmlTagId.A && _links.TryPop(out var link) && link.Address is { } address)
            EndLink(address, _text.ToString(link.Start, _text.Length - link.Start).Trim());
        Break(BreaksAround(id));
    }

    /// <summary>A link's address stands behind its words, where these are not the address themselves.</summary>
    private void EndLink(string address, string shown)
    {
        if (shown == address || "mailto:" + shown == address)
            return;
        _space |= shown.Length > 0;
        Word(shown.Length > 0 ? $"({address})" : address);
    }

    /// <summary>Text, whose white space is one space unless it is preformatted.</summary>
    public void Write(string text)
    {
        if (_hidden > 0)
            return;
        if (_preformatted > 0)
        {
            var lines = text.ReplaceLineEndings("\n").Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (i > 0)
                    _breaks++;
                if (lines[i].Length > 0)
                    Word(lines[i]);
            }
            return;
        }
        if (text.Length == 0)
            return;
        _space |= IsSpace(text[0]);
        foreach (var word in text.Split(Spaces, StringSplitOptions.RemoveEmptyEntries))
        {
            Word(word);
            _space = true;
        }
        _space = IsSpace(text[^1]);
    }

    public override string ToString() => _text.ToString();

    private static bool IsSpace(char character) => Spaces.Contains(character);

    private void Word(string text)
    {
        if (_hidden > 0)
            return;
        if (_text.Length > 0)
            _text.Append('\n', _breaks);
        if (_space && _breaks == 0 && _text.Length > 0 && _text[^1] != ' ')
            _text.Append(' ');
        (_breaks, _space) = (0, false);
        _text.Append(text);
    }

    private void Break(int lines)
    {
        if (lines > 0)
            (_breaks, _space) = (Math.Max(_breaks, lines), false);
    }

    private static bool IsHidden(HtmlTagId id) =>
        id
            is HtmlTagId.Title
                or HtmlTagId.Style
                or HtmlTagId.Script
                or HtmlTagId.NoScript
                or HtmlTagId.Object
                or HtmlTagId.TextArea
                or HtmlTagId.Select;

    /// <summary>A paragraph has an empty line around it, another block begins and ends its line.</summary>
    private static int BreaksAround(HtmlTagId id) =>
        id switch
        {
            HtmlTagId.P
            or HtmlTagId.H1
            or HtmlTagId.H2
            or HtmlTagId.H3
            or HtmlTagId.H4
            or HtmlTagId.H5
            or HtmlTagId.H6
            or HtmlTagId.UL
            or HtmlTagId.OL
            or HtmlTagId.DL
            or HtmlTagId.BlockQuote
            or HtmlTagId.Pre
            or HtmlTagId.Table
            or HtmlTagId.HR => 2,
            HtmlTagId.Div
            or HtmlTagId.LI
            or HtmlTagId.TR
            or HtmlTagId.DT
            or HtmlTagId.DD
            or HtmlTagId.Center
            or HtmlTagId.Address
            or HtmlTagId.Section
            or HtmlTagId.Article
            or HtmlTagId.Header
            or HtmlTagId.Footer
            or HtmlTagId.Body
            or HtmlTagId.Html => 1,
            _ => 0,
        };

    /// <summary>Where a link leads, if a reader of text can follow it.</summary>
    private static string? AddressOf(HtmlTagToken tag) =>
        AttributeOf(tag, HtmlAttributeId.Href) is { } address
        && Array.Exists(Schemes, scheme => address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            ? address
            : null;

    private static string? AttributeOf(HtmlTagToken tag, HtmlAttributeId id) =>
        tag.Attributes.FirstOrDefault(attribute => attribute.Id == id)?.Value;
}
