using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Notify.Core.Hosting;

namespace Notify.Core.Data;

/// <summary>Registers what talks to Postgres.</summary>
public static class DataExtensions
{
    /// <summary>The connection's name: <c>ConnectionStrings:notifydb</c>.</summary>
    public const string ConnectionName = "notifydb";

    /// <summary>The model's context and a data source for the hot paths.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="whenAway">What Postgres being away makes of the service's health: degraded where the service goes on without
    /// it.</param>
    public static IHostApplicationBuilder AddNotifyData(
        this IHostApplicationBuilder builder,
        HealthStatus whenAway = HealthStatus.Unhealthy
    )
    {
        builder.RequireConnection(ConnectionName, "Host=localhost;Port=5432;Username=notify;Password=…;Database=notify");
        builder.AddNpgsqlDbContext<NotifyDbContext>(
            ConnectionName,
            settings => settings.DisableHealthChecks = true,
            // The default retries for a minute. A pooled connection that broke is replaced at once; a database that is away is for the
            // caller to say.
            options =>
                options.UseNpgsql(npgsql =>
                    npgsql.EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(300), errorCodesToAdd: null)
                )
        );
        builder.Services.AddSingleton(_ =>
            HotPathData.Create(
                builder.Configuration.GetConnectionString(ConnectionName)
                    ?? throw new InvalidOperationException($"No database: set ConnectionStrings:{ConnectionName}."),
                builder.Environment.ApplicationName
            )
        );
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("postgres", whenAway);
        return builder;
    }
}
