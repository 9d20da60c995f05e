using Microsoft.Playwright;

namespace Notify.Tests.Distributed.Browser;

/// <summary>A Chromium without a window; a page of its own for each test, with cookies of its own.</summary>
internal sealed class TestBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private TestBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <param name="program">Path of a Chrome or Chromium.</param>
    /// <param name="home">A folder that goes with the test: the browser leaves caches and crash folders in its user's home.</param>
    public static async Task<TestBrowser> StartAsync(string program, string home)
    {
        var playwright = await Playwright.CreateAsync();
        return new TestBrowser(
            playwright,
            await playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions
                {
                    ExecutablePath = program,
                    Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
                    Env = EnvironmentWithHome(Directory.CreateDirectory(home).FullName),
                }
            )
        );
    }

    public async Task<IPage> OpenPageAsync(int width = 1600, int height = 1000, ColorScheme scheme = ColorScheme.Light) =>
        await (
            await _browser.NewContextAsync(
                new BrowserNewContextOptions
                {
                    ViewportSize = new ViewportSize { Width = width, Height = height },
                    ColorScheme = scheme,
                }
            )
        ).NewPageAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static List<KeyValuePair<string, string>> EnvironmentWithHome(string home) =>
        [
            .. Environment
                .GetEnvironmentVariables()
                .Cast<System.Collections.DictionaryEntry>()
                .Where(variable => variable.Key is not ("HOME" or "XDG_CONFIG_HOME" or "XDG_CACHE_HOME"))
                .Select(variable => new KeyValuePair<string, string>((string)variable.Key, (string?)variable.Value ?? "")),
            new("HOME", home),
        ];
}
