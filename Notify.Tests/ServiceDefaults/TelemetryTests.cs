using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Core.Caching;
using Notify.Tests.Api.Hosting;
using StackExchange.Redis;

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
                        await clients
                            .CreateClient()
                            .GetStringAsync(new Uri(peer.Address, "/3/device/private-token?key=private-key"), _cancel);
                    meter.CreateCounter<int>("notify.test.orders").Add(1);
                    logger.LogInformation("Took {Count} orders", 3);
                    return Results.Ok();
                });
            }))
        {
            service.Inbound.DefaultRequestHeaders.UserAgent.ParseAdd("private-agent");
            foreach (var path in new[] { "/health", "/alive", "/orders/private-person?query=private-query" })
                (await service.Inbound.GetAsync(path, _cancel)).EnsureSuccessStatusCode();
            foreach (var method in new[] { "PRIVATE-METHOD", "private-method" })
                (await service.Inbound.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/private-path"), _cancel)).Dispose();
            await ArrivedAsync("/v1/traces", "/orders/{id}");
        }

        Assert.Contains("weigh-order", _received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains(peer.Address.GetLeftPart(UriPartial.Authority), _received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("Took 3 orders", _received["/v1/logs"], StringComparison.Ordinal);
        foreach (
            var metric in new[]
            {
                "notify.test.orders",
                "http.server.request.duration",
                "http.client.request.duration",
                "kestrel.active_connections",
                "dotnet.gc.collections",
            }
        )
            Assert.Contains(metric, _received["/v1/metrics"], StringComparison.Ordinal);
        Assert.All(_received.Values, signal => Assert.DoesNotContain("private-", signal, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("/alive", _received["/v1/traces"], StringComparison.Ordinal);
        Assert.DoesNotContain("/health", _received["/v1/traces"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_fail_are_traced_without_their_paths_or_messages()
    {
        await using var collector = await StartCollectorAsync();
        var settings = Export(collector);
        settings["Logging:LogLevel:Default"] = "None"; // what a service logs about its own exceptions is its own matter
        await using (var service = await Service.StartAsync(_cancel, settings, map: app =>
            {
                app.MapGet("/lost/{id}", (string id, IHttpClientFactory clients) =>
                    clients.CreateClient().GetStringAsync(new Uri("http://127.0.0.1:1/3/device/private-token"), _cancel)
                );
                app.MapGet("/broken/{id}", IResult (string id) => throw new InvalidOperationException("private-message"));
            }))
        {
            foreach (var path in new[] { "/lost/private-person", "/broken/private-person?a=private-query" })
                Assert.Equal(500, (int)(await service.Inbound.GetAsync(path, _cancel)).StatusCode);
            await ArrivedAsync("/v1/traces", "/lost/{id}");
            await ArrivedAsync("/v1/traces", "/broken/{id}");
        }

        Assert.Contains("http://127.0.0.1:1", _received["/v1/traces"], StringComparison.Ordinal);
        Assert.DoesNotContain("private-", _received["/v1/traces"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_commands_are_traced_below_a_request_alone_and_without_their_keys()
    {
        await using var collector = await StartCollectorAsync();
        await using var redis = new RespServer();
        var settings = Export(collector);
        settings["ConnectionStrings:redis"] = redis.Address;
        settings["OTEL_TRACES_SAMPLER"] = "always_on";
        await using (
            var service = await Service.StartAsync(
                _cancel,
                settings,
                builder => builder.AddNotifyCaching(),
                app =>
                    app.MapGet("/cached", async (IConnectionMultiplexer cache) =>
                        (await cache.GetDatabase().StringGetAsync([new RedisKey("private-key"), new RedisKey("private-other")])).Length
                    )
            )
        )
        {
            var cache = service.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
            // as a loop of the service does
            await cache.StringSetAsync("private-key", "private-value", TimeSpan.FromMinutes(1), When.NotExists);
            (await service.Inbound.GetAsync("/health", _cancel)).Dispose(); // pings
            (await service.Inbound.GetAsync("/cached", _cancel)).EnsureSuccessStatusCode();
            await ArrivedAsync("/v1/traces", "MGET");
        }

        Assert.DoesNotContain("private-", _received["/v1/traces"], StringComparison.Ordinal);
        Assert.DoesNotContain("PING", _received["/v1/traces"], StringComparison.Ordinal);
        // the loop's; what a connection says when it is made may stand below the request that waited for it
        Assert.DoesNotMatch(@"\bSET\b", _received["/v1/traces"]);
    }

    [Fact]
    public async Task What_a_probe_calls_is_not_traced_even_where_everything_is_sampled()
    {
        await using var collector = await StartCollectorAsync();
        var settings = Export(collector);
        settings["OTEL_TRACES_SAMPLER"] = "always_on";
        await using (
            var service = await Service.StartAsync(
                _cancel,
                settings,
                builder =>
                    builder
                        .Services.AddHealthChecks()
                        .AddCheck("probing", () =>
                        {
                            using var span = Source.StartActivity("called-by-a-probe");
                            return Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy();
                        }),
                app => app.MapGet("/seen", () => Source.StartActivity("called-by-a-request")?.Dispose())
            )
        )
        {
            (await service.Inbound.GetAsync("/health", _cancel)).EnsureSuccessStatusCode();
            (await service.Inbound.GetAsync("/seen", _cancel)).EnsureSuccessStatusCode();
            await ArrivedAsync("/v1/traces", "called-by-a-request");
        }
        Assert.DoesNotContain("called-by-a-probe", _received["/v1/traces"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Export(StubServer collector) =>
        new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
            ["Logging:LogLevel:System.Net.Http"] = "Trace", // whoever asks for it: addresses of outgoing requests stay out of logs
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
