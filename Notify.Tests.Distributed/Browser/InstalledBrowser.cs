using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Browser;

/// <summary>The browser of the machine, by which the pages are tested.</summary>
internal static class InstalledBrowser
{
    public const string Missing =
        "No browser for the tests of the pages: install Chromium (Debian, Ubuntu: apt-get install chromium), "
        + "or let CHROME_BIN name a Chrome or Chromium.";

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The path of a Chrome or Chromium: CHROME_BIN, or the first of the usual names on PATH.</summary>
    public static string? Program => Candidates().FirstOrDefault(File.Exists);

    /// <summary>Screenshots and the host's output of a failed test.</summary>
    public static string Artifacts => Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "browser")).FullName;

    /// <summary>Skips the test where there is no browser; in CI it fails.</summary>
    public static void Need() => Surroundings.Need(Program is null ? Missing : null);

    private static IEnumerable<string> Candidates() =>
        Environment.GetEnvironmentVariable("CHROME_BIN") is { Length: > 0 } chosen
            ? [chosen]
            : from name in s_names
            from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
                Path.PathSeparator,
                StringSplitOptions.RemoveEmptyEntries
            )
            select Path.Combine(folder, name);
}
