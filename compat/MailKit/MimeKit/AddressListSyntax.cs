namespace MimeKit;

/// <summary>Takes an address header apart at the commas outside quotes and brackets.</summary>
internal static class AddressListSyntax
{
    public static IEnumerable<string> Split(string header)
    {
        var (start, quoted, bracket) = (0, false, false);
        for (var i = 0; i < header.Length; i++)
        {
            switch (header[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '<' or '>' when !quoted:
                    bracket = header[i] == '<';
                    break;
                case ',' when !quoted && !bracket:
                    yield return header[start..i];
                    start = i + 1;
                    break;
                default:
                    break;
            }
        }

        yield return header[start..];
    }
}
