using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Hosting;

namespace Notify.Api.Keys;

/// <summary>A process that has read no keys yet can serve nobody. Once it has, it goes on without Postgres.</summary>
internal sealed class KeysHealthCheck(ApiKeyDirectory keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            keys.HasRead
                ? HealthCheckResult.Healthy()
                : HealthReason.Of(
                    context.Registration.FailureStatus,
                    "No API keys were read yet: Postgres has not answered since the start."
                )
        );
}
