using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Notify.AppHost.Running;

/// <summary>A service's <c>/health</c> with its reasons, for the dashboard: Aspire's own check would only say which status code
/// came.</summary>
internal sealed class ServiceHealth(EndpointReference endpoint, IHttpClientFactory clients) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated)
            return HealthCheckResult.Unhealthy("It has no address yet.");
        try
        {
            using var client = clients.CreateClient(nameof(ServiceHealth));
            using var answer = await client.GetAsync(new Uri($"{endpoint.Url}/health"), cancellationToken);
            return Read(await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException)
        {
            return HealthCheckResult.Unhealthy("It does not answer.");
        }
    }

    /// <param name="report">As HealthReportWriter of the services writes it: a status, and one for each check.</param>
    internal static HealthCheckResult Read(string report)
    {
        try
        {
            using var json = JsonDocument.Parse(report);
            var status = Enum.Parse<HealthStatus>(json.RootElement.GetProperty("status").GetString()!);
            var troubled = json
                .RootElement.GetProperty("checks")
                .EnumerateObject()
                .Select(check => (check.Name, Status: check.Value.GetProperty("status").GetString(), Reason: ReasonOf(check.Value)))
                .Where(check => check.Status != nameof(HealthStatus.Healthy))
                .Select(check => check.Reason is null ? $"{check.Name}: {check.Status}" : $"{check.Name}: {check.Status}, {check.Reason}");
            return new HealthCheckResult(status, string.Join("; ", troubled));
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            return HealthCheckResult.Unhealthy("Its answer is no health report.");
        }
    }

    private static string? ReasonOf(JsonElement check) => check.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
}

internal static class ServiceHealthExtensions
{
    /// <summary>Asks the service's <c>/health</c> in run mode, and names it in the manifest's place for probes.</summary>
    public static IResourceBuilder<ProjectResource> WithServiceHealth(this IResourceBuilder<ProjectResource> service)
    {
        var key = $"{service.Resource.Name}_health";
        var endpoint = service.GetEndpoint("http");
        service.ApplicationBuilder.Services.AddHttpClient(nameof(ServiceHealth), client => client.Timeout = TimeSpan.FromSeconds(10));
        service
            .ApplicationBuilder.Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    key,
                    services => new PatientCheck(
                        new ServiceHealth(endpoint, services.GetRequiredService<IHttpClientFactory>()),
                        services.GetRequiredService<TimeProvider>()
                    ),
                    failureStatus: null,
                    tags: null
                )
            );
        return service.WithHealthCheck(key);
    }
}
