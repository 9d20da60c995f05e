using Microsoft.Playwright;
using Notify.Tests.Distributed.AppHost;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Browser;

/// <summary>One running application and one browser for all tests of the class.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private const string ApiKey = "notify-development-key";
    private AppHostProcess? _host;
    private TestBrowser? _browser;
    private string? _missing;

    internal AppHostProcess Host => _host!;

    /// <summary>Another test's telemetry in this process would write a trace of its own over the one that a test sends.</summary>
    public HttpClient Api { get; } = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });

    public async ValueTask InitializeAsync()
    {
        if (InstalledBrowser.Program is not { } program)
        {
            _missing = InstalledBrowser.Missing;
            return; // each test says so
        }
        _host = await AppHostProcess.StartAsync(TestContext.Current.CancellationToken);
        Api.BaseAddress = _host.Api;
        Api.DefaultRequestHeaders.Authorization = new("Bearer", ApiKey);
        _browser = await TestBrowser.StartAsync(program, Path.Combine(_host.Folder, "browser"));
    }

    internal Task<IPage> OpenPageAsync()
    {
        Surroundings.Need(_missing);
        return _browser!.OpenPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (_browser is not null)
            await _browser.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
