using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Notify.Tests.ServiceDefaults;

public sealed class TelemetryTests
{
    private static readonly ActivitySource Source = new("Notify.TelemetryTests");
    private readonly ConcurrentDictionary<string, string> _received = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logs_metrics_and_traces_reach_the_collector_without_paths_queries_or_probes()
    {
        await using var collector = await StartCollectorAsync();
        await using var peer = await StubServer.StartAsync(_cancel);
        using var meter = new Meter("Notify.TelemetryTests");
        await using (var service = await Service.StartAsync(_cancel, Export(collector), map: app =>
        {
            app.MapGet("/orders/{id}", async (string id, IHttpClientFactory clients, ILogger<TelemetryTests> logger) =>
            {
                using (Source.StartActivity("weigh-order"))
                    await clients.CreateClient().GetStringAsync(new Uri(peer.Address, "/3/device/private-token?key=private-key"), _cancel);
                meter.CreateCounter<int>("notify.test.orders").Add(1);
                logger.LogInformation("Took {Count} orders", 3);
                return Results.Ok();
            });
        }))
        {
            foreach (var path in new[] { "/health", "/alive", "/orders/private-person?query=private-query" })
                (await service.Inbound.GetAsync(path, _cancel)).EnsureSuccessStatusCode();
            await ArrivedAsync("/v1/traces", "/orders/{id}");
        }

        Assert.Contains("weigh-order", _received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains(peer.Address.GetLeftPart(UriPartial.Authority), _received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("Took 3 orders", _received["/v1/logs"], StringComparison.Ordinal);
        foreach (var metric in new[] { "notify.test.orders", "http.server.request.duration", "http.client.request.duration", "kestrel.active_connections", "dotnet.gc.collections" })
            Assert.Contains(metric, _received["/v1/metrics"], StringComparison.Ordinal);
        Assert.All(_received.Values, signal => Assert.DoesNotContain("private-", signal, StringComparison.Ordinal));
        Assert.DoesNotContain("/alive", _received["/v1/traces"], StringComparison.Ordinal);
        Assert.DoesNotContain("/health", _received["/v1/traces"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_probe_calls_is_not_traced_even_where_everything_is_sampled()
    {
        await using var collector = await StartCollectorAsync();
        var settings = Export(collector);
        settings["OTEL_TRACES_SAMPLER"] = "always_on";
        await using (var service = await Service.StartAsync(_cancel, settings,
            builder => builder.Services.AddHealthChecks().AddCheck("probing", () =>
            {
                using var span = Source.StartActivity("called-by-a-probe");
                return Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy();
            }),
            app => app.MapGet("/seen", () => Source.StartActivity("called-by-a-request")?.Dispose())))
        {
            (await service.Inbound.GetAsync("/health", _cancel)).EnsureSuccessStatusCode();
            (await service.Inbound.GetAsync("/seen", _cancel)).EnsureSuccessStatusCode();
            await ArrivedAsync("/v1/traces", "called-by-a-request");
        }
        Assert.DoesNotContain("called-by-a-probe", _received["/v1/traces"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Export(StubServer collector) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
    };

    /// <summary>Strings stand in protobuf as they are, which is all these tests look for.</summary>
    private async Task<StubServer> StartCollectorAsync()
    {
        var collector = await StubServer.StartAsync(_cancel);
        collector.Answer = async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var text = Encoding.UTF8.GetString(body.ToArray());
            _received.AddOrUpdate(context.Request.Path, text, (_, before) => before + text);
        };
        return collector;
    }

    private async Task ArrivedAsync(string signal, string text)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!_received.GetValueOrDefault(signal, "").Contains(text, StringComparison.Ordinal))
            await Task.Delay(20, deadline.Token);
    }
}
