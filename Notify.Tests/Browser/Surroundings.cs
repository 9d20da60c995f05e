namespace Notify.Tests.Browser;

/// <summary>What these tests need of a machine. A developer's machine may lack it and skips them; CI may not.</summary>
internal static class Surroundings
{
    public const string NoBrowser =
        "No browser for the tests in Notify.Tests/Browser: install Chromium (Debian, Ubuntu: apt-get install chromium), or let CHROME_BIN name a Chrome or Chromium.";

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The path of a Chrome or Chromium: CHROME_BIN, or the first of the usual names on PATH.</summary>
    public static string? Browser => Candidates().FirstOrDefault(File.Exists);

    /// <summary>Screenshots and the host's output of a failed test.</summary>
    public static string Artifacts => Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "browser")).FullName;

    private static string Repository => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Parent!.Parent!.Parent!.FullName;

    /// <summary>Skips the test where a piece is missing; in CI it fails.</summary>
    public static void Need(string? missing)
    {
        if (missing is null)
            return;
        Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")), missing);
        Assert.Fail(missing);
    }

    private static IEnumerable<string> Candidates() => Environment.GetEnvironmentVariable("CHROME_BIN") is { Length: > 0 } chosen
        ? [chosen]
        : from name in s_names
          from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
          select Path.Combine(folder, name);
}
