using Microsoft.Playwright;

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
        try
        {
            _host = await AppHostProcess.StartAsync(TestContext.Current.CancellationToken);
        }
        catch (MissingPieceException missing)
        {
            _missing = missing.Message;
            return;
        }
        Api.BaseAddress = _host.Api;
        Api.DefaultRequestHeaders.Authorization = new("Bearer", ApiKey);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

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
