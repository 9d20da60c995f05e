using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.AppHost.Running;

namespace Notify.Tests.Distributed.AppHost.Running;

public sealed class PatientCheckTests
{
    [Theory]
    [InlineData(HealthStatus.Healthy)]
    [InlineData(HealthStatus.Degraded)]
    public async Task A_resource_that_is_up_a_moment_later_is_not_reported_as_unhealthy(HealthStatus later)
    {
        var asked = 0;

        var result = await AskAsync(() => ++asked < 4 ? HealthStatus.Unhealthy : later);

        Assert.Equal((later, 4), (result.Status, asked));
    }

    [Fact]
    public async Task One_that_stays_away_is_reported()
    {
        var asked = 0;

        var result = await AskAsync(() =>
        {
            asked++;
            return HealthStatus.Unhealthy;
        });

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.True(asked > 1);
    }

    private static Task<HealthCheckResult> AskAsync(Func<HealthStatus> status) =>
        new PatientCheck(new Scripted(status), TimeProvider.System).CheckHealthAsync(
            new HealthCheckContext(),
            TestContext.Current.CancellationToken
        );

    private sealed class Scripted(Func<HealthStatus> status) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(new HealthCheckResult(status()));
    }
}
