namespace MimeKit;

/// <summary>One header field. Line breaks in a value are folding, not content: they are taken out when it is set.</summary>
public class Header
{
    public Header(string field, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        ArgumentNullException.ThrowIfNull(value);
        if (!field.All(c => c is > ' ' and < '\u007f' and not ':'))
            throw new ArgumentException("Illegal characters in header field name.", nameof(field));
        (Field, Id, Value) = (field, HeaderNames.IdOf(field), Unfold(value));
        Encoded = HeaderEncoding.Unstructured(Field.Length + 2, Value);
    }

    private Header(string field, string value, string encoded) =>
        (Field, Id, Value, Encoded) = (field, HeaderNames.IdOf(field), value, encoded);

    public string Field { get; }

    public HeaderId Id { get; }

    public string Value { get; }

    /// <summary>The value as it is written: ASCII (but for an international address), folded.</summary>
    internal string Encoded { get; }

    internal static Header OfAddresses(string field, InternetAddressList addresses) =>
        new(field, addresses.ToString(), HeaderEncoding.Fold(field.Length + 2, addresses.Encode()));

    /// <summary>As it was received.</summary>
    internal static Header Received(string field, string raw) => new(field, EncodedWords.Decode(Unfold(raw)), raw);

    private static string Unfold(string value) =>
        value.Trim().Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
