using System.Text.RegularExpressions;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Gateway;

/// <summary>The body of a request with names in braces where values go. Values are escaped, so none of them can leave its place.</summary>
internal sealed partial class BodyTemplate(string template, BodyFormat format, string? from)
{
    private const string To = "to";
    private const string Text = "text";
    private const string Id = "id";
    private const string From = "from";

    private static readonly SmsMessage Sample = new(Guid.Empty, "+15005550006", "It's \"5 < 6\" & {more}\n", DateTimeOffset.UnixEpoch);

    /// <summary>One pass: a brace inside a value is not looked at again.</summary>
    public string Fill(SmsMessage message) =>
        Placeholder()
            .Replace(template, found => format.Escape(
                    found.Groups[1].Value switch
                    {
                        To => message.To,
                        Text => message.Text,
                        Id => message.DeliveryId.ToString("D"),
                        From => from ?? "",
                        _ => found.Value,
                    }
                ));

    /// <summary>What is wrong with a template, in whole sentences.</summary>
    public static IEnumerable<string> FaultsOf(string template, BodyFormat format, bool hasSender)
    {
        var names = Placeholder().Matches(template).Select(found => found.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var unknown = names.Except([To, Text, Id, From], StringComparer.Ordinal).ToList();
        foreach (var name in unknown)
            yield return $"Sms:Gateway:BodyTemplate has the unknown placeholder {{{name}}}; there are {{to}}, {{text}}, {{id}} and {{from}}.";
        if (!names.Contains(To) || !names.Contains(Text))
            yield return "Sms:Gateway:BodyTemplate has to hold {to} and {text}.";
        if (names.Contains(From) && !hasSender)
            yield return "Sms:Gateway:From is missing; Sms:Gateway:BodyTemplate has the placeholder {from}.";
        if (unknown.Count == 0 && !format.IsWellFormed(new BodyTemplate(template, format, "sender").Fill(Sample)))
            yield return "Sms:Gateway:BodyTemplate does not make a well-formed body of its ContentType. In JSON, put values in quotes.";
    }

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9_-]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
