using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Notify.ServiceDefaults.Telemetry;

/// <summary>
/// Gives each request its trace where nothing is exported: the caller's, or a new one. Records, rows and answers carry its id, by which
/// others find what belongs to a request. Of everything else no span is made.
/// </summary>
internal sealed class RequestTraces : IHostedService, IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = static source => source.Name == "Microsoft.AspNetCore",
        // One that its caller records stays so: another service behind this one may export it.
        Sample = static (ref ActivityCreationOptions<ActivityContext> request) =>
            request.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.PropagationData,
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();
}
