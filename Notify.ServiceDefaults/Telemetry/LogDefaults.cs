using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace Notify.ServiceDefaults.Telemetry;

/// <summary>
/// How much the libraries say: a line a request or a statement hides what matters, and request lines would carry paths and queries into
/// logs. The weakest source of all, so any configuration of the same keys wins.
/// </summary>
internal static class LogDefaults
{
    private static readonly KeyValuePair<string, string?>[] Levels =
    [
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        // faults that pass are answered 503; the Api logs the others itself
        new("Logging:LogLevel:Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", "None"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Warning"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Connection", "None"), // health tells that Postgres is away
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Query", "None"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "None"),
        new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None"), // failing checks are in /health and on the dashboard
        new("Logging:LogLevel:System.Net.Http", "Warning"),
        new("Logging:LogLevel:StackExchange.Redis", "Warning"), // thirty lines a connection
        // librdkafka reports each lost connection as an error and goes on by itself; health tells
        new("Logging:LogLevel:Aspire.Confluent.Kafka", "Critical"),
        new("Logging:Console:FormatterName", "simple"),
        new("Logging:Console:FormatterOptions:SingleLine", "true"),
    ];

    public static void AddLogDefaults(this IHostApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });
}
