using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Notify.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>Meters and trace sources alike: what no instrumentation package adds.</summary>
    private static readonly string[] Names = ["Npgsql", "Notify.*"];

    /// <summary>The weakest source of all, so any configuration of the same keys wins.</summary>
    private static readonly KeyValuePair<string, string?>[] ClientsWithout =
    [
        new("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:DisableMetrics", "true"),
        new("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:DisableTracing", "true"),
        new("Aspire:StackExchange:Redis:DisableTracing", "true"),
    ];

    /// <summary>
    /// Logs, metrics and traces, sent by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the other <c>OTEL_</c> variables have their
    /// standard meaning. Without an endpoint none is made, since nobody would see it: spans alone were 15 % of what a delivery allocates.
    /// </summary>
    public static void AddNotifyTelemetry(this IHostApplicationBuilder builder)
    {
        // Its request lines carry queries, and the scope it opens carries the path, where tokens and addresses may stand. Spans and metrics
        // name the route.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = ClientsWithout });
            builder.Services.AddHostedService<RequestTraces>();
            return;
        }
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(Names)
            )
            .WithTracing(tracing =>
                tracing.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddSource(Names).AddProcessor(new SpanFilter())
            )
            .UseOtlpExporter(); // its processor goes behind all others
    }
}
