using System.Security.Cryptography;
using Aspire.Hosting.Dashboard.Running;
using Aspire.Hosting.Dashboard.Serving;
using Aspire.Hosting.Local;
using Aspire.Hosting.Orchestration;
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
    private Task _running = Task.CompletedTask;

    private DashboardHost(DashboardOptions options, IConfiguration configuration, TimeProvider time, ILogger logger, Action<string> announce)
    {
        (_options, _time, _logger, _announce) = (options, time, logger, announce);
        _tool = new DashboardTool(options.ToolsFolder, configuration["Dashboard:Version"], LocalCommand.Find);
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

    /// <summary>What services are told to send their telemetry to; null without a dashboard.</summary>
    public TelemetryTarget? Telemetry =>
        Settings.Enabled ? new TelemetryTarget(Settings.OtlpGrpcEndpoint.GetLeftPart(UriPartial.Authority), "grpc", Settings.OtlpHeaders) : null;

    /// <summary>Chooses addresses and keys; starts nothing.</summary>
    /// <param name="options">Folders, and whether a dashboard is wanted at all.</param>
    /// <param name="configuration">Dashboard:Enabled, Dashboard:Version, and what real Aspire reads: ASPNETCORE_URLS, ASPIRE_DASHBOARD_….</param>
    /// <param name="time">Paces the restarts.</param>
    /// <param name="logger">Told of what goes wrong.</param>
    /// <param name="announce">Shown to the person who started the application, such as the login address.</param>
    public static DashboardHost Create(DashboardOptions options, IConfiguration configuration, TimeProvider time, ILogger logger, Action<string> announce) =>
        new(options with { Enabled = options.Enabled && configuration.GetValue("Dashboard:Enabled", true) }, configuration, time, logger, announce);

    /// <summary>Returns at once: fetching, serving and running go on in the background.</summary>
    public void Start(IDashboardSource source)
    {
        if (!_options.Enabled)
            return;
        if (_ports is null)
            _announce(_tool.Missing!);
        else
            _running = Task.Run(() => GuardAsync(() => RunAsync(source, _stopping.Token)));
    }

    /// <summary>Ends the dashboard, then the service that it reads.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _ports?.Dispose();
    }

    private async Task RunAsync(IDashboardSource source, CancellationToken cancellationToken)
    {
        var program = await _tool.GetAsync(_announce, cancellationToken);
        var board = new ResourceBoard(_time, _logger);
        await using var server = await ResourceServer.StartAsync(new ResourceCalls(source, board), _resourceServiceKey, _logger, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = GuardAsync(() => board.FollowAsync(source, ending.Token));
        var home = Directory.CreateTempSubdirectory("aspire-dashboard-").FullName;
        try
        {
            Directory.CreateDirectory(_options.LogFolder);
            var environment = DashboardEnvironment.Create(Settings, server.Address, _resourceServiceKey, home);
            var runner = new DashboardRunner(Settings, environment, Path.Combine(_options.LogFolder, "dashboard.log"), _time, _logger);
            _ports!.Dispose();
            await runner.RunAsync(program, () => _announce($"Dashboard: {Settings.LoginUrl}"), cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await following;
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
        catch (OperationCanceledException)
        {
            _logger.LogDebug("The dashboard has stopped.");
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
