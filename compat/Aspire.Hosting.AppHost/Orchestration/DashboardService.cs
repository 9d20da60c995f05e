using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Serving;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>The dashboard beside the application: started before everything else, stopped after it.</summary>
internal sealed class DashboardService(DashboardHost dashboard, HostDashboardSource source) : IHostedService, IAsyncDisposable
{
    private DashboardHost? _running = dashboard;

    /// <summary>Where services send their telemetry, or nothing without a dashboard.</summary>
    public TelemetryTarget? Telemetry { get; } = dashboard.Settings.Enabled
        ? new TelemetryTarget(dashboard.Settings.OtlpGrpcEndpoint.ToString().TrimEnd('/'), "grpc", dashboard.Settings.OtlpHeaders)
        : null;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running!.Start(source);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _running, null) is { } running)
            await running.DisposeAsync();
    }
}
