namespace MimeKit;

public abstract class InternetAddress
{
    private protected InternetAddress(string? name) => Name = name;

    /// <summary>The display name; null or empty for none.</summary>
    public string? Name { get; }

    /// <summary>As it stands in a header: ASCII only, encoded words where needed.</summary>
    internal abstract string Encode();
}
