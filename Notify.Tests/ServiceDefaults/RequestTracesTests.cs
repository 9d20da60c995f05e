using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Notify.Core.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Notify.Tests.ServiceDefaults;

/// <summary>Without an exporter.</summary>
public sealed class RequestTracesTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_keeps_its_callers_trace_or_gets_one_of_its_own()
    {
        await using var service = await Service.StartAsync(_cancel, map: app => app.MapGet("/trace", () => Traces.Current ?? "none"));

        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", await AskAsync(service, traceParent: null));
        Assert.Matches($"^00-{Trace}-[0-9a-f]{{16}}-01$", await AskAsync(service, $"00-{Trace}-b7ad6b7169203331-01"));
    }

    [Fact]
    public async Task Nothing_is_collected_that_nobody_would_see()
    {
        await using var service = await Service.StartAsync(_cancel);

        Assert.Null(service.Services.GetService<TracerProvider>());
        Assert.Null(service.Services.GetService<MeterProvider>());
    }

    private async Task<string> AskAsync(Service service, string? traceParent)
    {
        // Another test's telemetry in this process would write a trace of its own into the header.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = service.Inbound.BaseAddress,
        };
        if (traceParent is not null)
            client.DefaultRequestHeaders.Add("traceparent", traceParent);
        return await client.GetStringAsync(new Uri("/trace", UriKind.Relative), _cancel);
    }
}
