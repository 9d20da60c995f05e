namespace Aspire.Hosting.Orchestration;

internal static class EnvironmentNames
{
    public static string Encode(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
