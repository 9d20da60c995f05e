using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Notify.Api.Keys;

/// <summary>A process that has read no keys yet can serve nobody. Once it has, it goes on without Postgres.</summary>
internal sealed class KeysHealthCheck(ApiKeyDirectory keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(keys.HasRead ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus, "No API keys were read yet."));
}
