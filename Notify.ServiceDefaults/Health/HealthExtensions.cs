using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Notify.ServiceDefaults.Telemetry;

namespace Notify.ServiceDefaults.Health;

internal static class HealthExtensions
{
    private const string Live = "live";

    public static void AddNotifyHealthChecks(this IHostApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

    public static void MapNotifyHealth(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/health", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync });
        Map(
            routes,
            "/alive",
            new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync, Predicate = check => check.Tags.Contains(Live) }
        );
    }

    private static void Map(IEndpointRouteBuilder routes, string pattern, HealthCheckOptions options) =>
        routes
            .MapHealthChecks(pattern, options)
            .AllowAnonymous()
            .Add(endpoint =>
            {
                // A probe every few seconds, and what its checks call, would bury the traces worth reading.
                var answer = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = context =>
                {
                    if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
                        SpanFilter.Drop(activity);
                    return answer(context);
                };
            });
}
