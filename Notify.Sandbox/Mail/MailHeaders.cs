using System.Text;

namespace Notify.Sandbox.Mail;

/// <summary>The headers of a mail or of a part, unfolded; values are raw.</summary>
internal sealed class MailHeaders
{
    private readonly List<KeyValuePair<string, string>> _all = [];

    private MailHeaders() { }

    public IReadOnlyList<KeyValuePair<string, string>> All => _all;

    public string? this[string name] =>
        _all.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <param name="source">From the first header on.</param>
    /// <param name="body">What follows the empty line.</param>
    public static MailHeaders Parse(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> body)
    {
        var headers = new MailHeaders();
        while (!source.IsEmpty)
        {
            var end = source.IndexOf((byte)'\n');
            var line = (end < 0 ? source : source[..end]).TrimEnd((byte)'\r');
            source = end < 0 ? default : source[(end + 1)..];
            if (line.IsEmpty)
                break;
            headers.Add(Encoding.UTF8.GetString(line));
        }

        body = source;
        return headers;
    }

    private void Add(string line)
    {
        if (line[0] is ' ' or '\t')
        {
            if (_all.Count > 0)
                _all[^1] = new(_all[^1].Key, _all[^1].Value + " " + line.Trim());
            return;
        }

        var colon = line.IndexOf(':');
        if (colon > 0)
            _all.Add(new(line[..colon].Trim(), line[(colon + 1)..].Trim()));
    }
}
