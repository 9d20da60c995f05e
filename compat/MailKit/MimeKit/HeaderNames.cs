using System.Text.RegularExpressions;

namespace MimeKit;

internal static partial class HeaderNames
{
    private static readonly Dictionary<HeaderId, string> Names = Enum.GetValues<HeaderId>().Where(id => id != HeaderId.Unknown).ToDictionary(id => id, NameOf);

    private static readonly Dictionary<string, HeaderId> Ids = Names.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    public static string ToHeaderName(this HeaderId id) => Names.TryGetValue(id, out var name) ? name : throw new ArgumentOutOfRangeException(nameof(id));

    public static HeaderId IdOf(string field) => Ids.GetValueOrDefault(field, HeaderId.Unknown);

    private static string NameOf(HeaderId id) => id switch
    {
        HeaderId.MessageId => "Message-Id",
        HeaderId.MimeVersion => "MIME-Version",
        _ => WordStart().Replace(id.ToString(), "-$0"),
    };

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex WordStart();
}
