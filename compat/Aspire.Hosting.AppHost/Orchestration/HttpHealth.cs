using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

internal sealed class HttpHealth(TimeProvider time) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10) })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task<HealthReportSnapshot> AskAsync(HttpHealthCheckAnnotation check, int port, CancellationToken cancellationToken)
    {
        var (status, description) = await AskAsync(new Uri($"{check.Endpoint.Scheme}://localhost:{port}{check.Path}"), check.StatusCode, cancellationToken);
        return new HealthReportSnapshot(check.Key, status, description, null) { LastRunAt = time.GetUtcNow().UtcDateTime };
    }

    public void Dispose() => _client.Dispose();

    private async Task<(HealthStatus Status, string? Description)> AskAsync(Uri address, int wanted, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)answer.StatusCode == wanted
                ? (HealthStatus.Healthy, null)
                : (HealthStatus.Unhealthy, $"{address} answered {(int)answer.StatusCode} instead of {wanted}.");
        }
        catch (HttpRequestException failure)
        {
            return (HealthStatus.Unhealthy, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (HealthStatus.Unhealthy, $"{address} did not answer within {_client.Timeout.TotalSeconds:0} s.");
        }
    }
}
