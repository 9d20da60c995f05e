using Microsoft.Playwright;
using Notify.Tests.AppHost;

namespace Notify.Tests.Browser;

/// <summary>One running application and one browser for all tests of the class.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private const string ApiKey = "notify-development-key";
    private AppHostProcess? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    internal AppHostProcess Host => _host!;

    public HttpClient Api { get; } = new();

    public async ValueTask InitializeAsync()
    {
        if (Surroundings.Browser is not { } program)
        {
            _missing = Surroundings.NoBrowser;
            return;   // each test says so
        }
        _host = await AppHostProcess.StartAsync(TestContext.Current.CancellationToken);
        Api.BaseAddress = _host.Api;
        Api.DefaultRequestHeaders.Authorization = new("Bearer", ApiKey);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            Env = EnvironmentWithHome(Directory.CreateDirectory(Path.Combine(_host.Folder, "browser")).FullName),
        });
    }

    /// <summary>The browser leaves caches and crash folders in its user's home: give it one that goes with the test.</summary>
    internal static List<KeyValuePair<string, string>> EnvironmentWithHome(string home) =>
    [
        .. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(variable => variable.Key is not ("HOME" or "XDG_CONFIG_HOME" or "XDG_CACHE_HOME"))
            .Select(variable => new KeyValuePair<string, string>((string)variable.Key, (string?)variable.Value ?? "")),
        new("HOME", home),
    ];

    /// <summary>A page of its own for each test, with cookies of its own.</summary>
    internal async Task<IPage> OpenPageAsync()
    {
        Surroundings.Need(_missing);
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1600, Height = 1000 } });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
