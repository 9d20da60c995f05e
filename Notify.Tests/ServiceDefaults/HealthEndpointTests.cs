using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Core.Hosting;

namespace Notify.Tests.ServiceDefaults;

public sealed class HealthEndpointTests
{
    [Fact]
    public async Task Service_without_trouble_is_healthy_and_alive()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var service = await Service.StartAsync(cancel);

        foreach (var path in new[] { "/health", "/alive" })
        {
            using var response = await service.Inbound.GetAsync(path, cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            using var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancel));
            Assert.Equal("Healthy", report.RootElement.GetProperty("status").GetString());
            Assert.Equal("Healthy", report.RootElement.GetProperty("checks").GetProperty("self").GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task Failing_dependency_makes_a_service_unready_but_leaves_it_alive()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var service = await Service.StartAsync(cancel, configure: builder =>
            builder
                .Services.AddHealthChecks()
                .AddCheck("database", () => HealthCheckResult.Unhealthy("Host=db;Password=secret", new InvalidOperationException("secret")))
        );

        using var health = await service.Inbound.GetAsync("/health", cancel);
        using var alive = await service.Inbound.GetAsync("/alive", cancel);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (health.StatusCode, alive.StatusCode));
        var body = await health.Content.ReadAsStringAsync(cancel);
        using var report = JsonDocument.Parse(body);
        Assert.Equal("Unhealthy", report.RootElement.GetProperty("checks").GetProperty("database").GetProperty("status").GetString());
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain("database", await alive.Content.ReadAsStringAsync(cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_in_our_own_words_is_shown()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var service = await Service.StartAsync(cancel, configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("providers", () => HealthReason.Of(HealthStatus.Degraded, "fcm is open (503)."))
        );

        using var health = await service.Inbound.GetAsync("/health", cancel);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        using var report = JsonDocument.Parse(await health.Content.ReadAsStringAsync(cancel));
        Assert.Equal(
            "fcm is open (503).",
            report.RootElement.GetProperty("checks").GetProperty("providers").GetProperty("reason").GetString()
        );
    }

    [Fact]
    public async Task Shutdown_is_given_time_and_a_failed_loop_stops_the_host()
    {
        await using var service = await Service.StartAsync(TestContext.Current.CancellationToken);
        var options = service.Services.GetRequiredService<IOptions<HostOptions>>().Value;
        Assert.Equal(
            (TimeSpan.FromSeconds(30), BackgroundServiceExceptionBehavior.StopHost),
            (options.ShutdownTimeout, options.BackgroundServiceExceptionBehavior)
        );
    }
}
