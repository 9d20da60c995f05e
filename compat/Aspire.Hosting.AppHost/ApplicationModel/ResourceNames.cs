namespace Aspire.Hosting.ApplicationModel;

internal static class ResourceNames
{
    private const int MaxLength = 64;

    public static void Validate(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var valid = name.Length <= MaxLength && char.IsAsciiLetter(name[0]) && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        if (!valid)
            throw new ArgumentException($"Resource name '{name}' is invalid: use at most {MaxLength} ASCII letters, digits and single hyphens, with a letter first and no hyphen last.", nameof(name));
    }
}
