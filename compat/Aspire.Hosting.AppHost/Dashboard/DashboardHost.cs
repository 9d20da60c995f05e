using System.Security.Cryptography;
using Aspire.Hosting.Dashboard.Running;
using Aspire.Hosting.Dashboard.Serving;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The real Aspire dashboard beside the application: its addresses and keys from the moment of creation, its process in the background from the start,
/// and the resource service that it reads. It never delays the application and never fails it.
/// </summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly DashboardOptions _options;
    private readonly DashboardTool _tool;
    private readonly DashboardPorts? _ports;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<string> _announce;
    private readonly string _resourceServiceKey = NewSecret();
    private readonly CancellationTokenSource _stopping = new();
    private ResourceServer? _server;
    private Task _running = Task.CompletedTask;
    private Task _following = Task.CompletedTask;

    private DashboardHost(DashboardOptions options, IConfiguration configuration, TimeProvider time, ILogger logger, Action<string> announce)
    {
        (_options, _time, _logger, _announce) = (options, time, logger, announce);
        _tool = new DashboardTool(options.ToolsFolder, configuration["Dashboard:Version"], time, Executables.Find);
        _ports = options.Enabled && _tool.Missing is null ? DashboardPorts.Take(configuration) : null;
        Settings = new DashboardSettings
        {
            Enabled = _ports is not null,
            FrontendUrl = Address(IsWildcard(_ports?.FrontendHost) ? "localhost" : _ports!.FrontendHost, _ports?.Frontend),
            FrontendBinding = $"http://{_ports?.FrontendHost}:{_ports?.Frontend.Port}",
            OtlpGrpcEndpoint = Address("localhost", _ports?.OtlpGrpc),
            OtlpHttpEndpoint = Address("localhost", _ports?.OtlpHttp),
            BrowserToken = configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? configuration["AppHost:BrowserToken"] ?? NewSecret(),
            OtlpApiKey = configuration["AppHost:OtlpApiKey"] ?? NewSecret(),
        };
    }

    public DashboardSettings Settings { get; }

    /// <summary>Chooses addresses and keys; starts nothing.</summary>
    /// <param name="options">Folders, and whether a dashboard is wanted at all.</param>
    /// <param name="configuration">Dashboard:Enabled, Dashboard:Version, and what real Aspire reads: ASPNETCORE_URLS, ASPIRE_DASHBOARD_….</param>
    /// <param name="time">Paces the restarts.</param>
    /// <param name="logger">Told of what goes wrong.</param>
    /// <param name="announce">Shown to the person who started the application, such as the login address.</param>
    public static DashboardHost Create(DashboardOptions options, IConfiguration configuration, TimeProvider time, ILogger logger, Action<string> announce) =>
        new(options with { Enabled = options.Enabled && configuration.GetValue("Dashboard:Enabled", true) }, configuration, time, logger, announce);

    /// <summary>Returns as soon as the resource service listens; fetching and starting the dashboard go on in the background.</summary>
    public async Task StartAsync(IDashboardSource source, CancellationToken cancellationToken)
    {
        if (!_options.Enabled)
            return;
        if (_ports is null)
        {
            _announce(_tool.Missing!);
            return;
        }

        var board = new ResourceBoard(_time, _logger);
        _server = await ResourceServer.StartAsync(new ResourceCalls(source, board), _resourceServiceKey, _logger, cancellationToken);
        _following = Task.Run(() => GuardAsync(() => board.FollowAsync(source, _stopping.Token)), CancellationToken.None);
        _running = Task.Run(() => GuardAsync(() => RunAsync(_server.Address, _stopping.Token)), CancellationToken.None);
    }

    /// <summary>Ends the dashboard, then the resource service.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running, _following);
        if (_server is not null)
            await _server.DisposeAsync();
        _ports?.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(Uri resourceService, CancellationToken cancellationToken)
    {
        var program = await _tool.GetAsync(_announce, cancellationToken);
        var home = Directory.CreateTempSubdirectory("aspire-dashboard-").FullName;
        try
        {
            Directory.CreateDirectory(_options.LogFolder);
            var environment = DashboardEnvironment.Create(Settings, resourceService, _resourceServiceKey, home);
            var runner = new DashboardRunner(Settings, environment, Path.Combine(_options.LogFolder, "dashboard.log"), _time, _logger);
            _ports!.Dispose();
            await runner.RunAsync(program, () => _announce($"Dashboard: {Settings.LoginUrl}"), cancellationToken);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>Nothing about the dashboard is worth the application: what goes wrong here is said and left at that.</summary>
    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            _logger.LogDebug("The dashboard has stopped with the application.");
        }
        catch (MissingPieceException fault)
        {
            _announce(fault.Message);
        }
        catch (Exception fault)
        {
            _logger.LogError(fault, "The dashboard failed; the application runs on without it.");
        }
    }

    private static Uri Address(string host, PortReservation? port) => new($"http://{host}:{port?.Port ?? 0}");

    private static bool IsWildcard(string? host) => host is null or "*" or "+" or "0.0.0.0" or "[::]";

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
