using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Notify.ServiceDefaults.Health;
using Notify.ServiceDefaults.Hosting;
using Notify.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every executable of Notify has in common. Call <see cref="AddServiceDefaults"/> first: what is added later may then depart
/// from it.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Longest orderly shutdown: consumers finish the batch in hand and commit it.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Telemetry, health checks, service discovery, no log lines of outgoing requests, and an orderly shutdown.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddLogDefaults();
        builder.AddNotifyTelemetry();
        builder.AddNotifyHealthChecks();
        // For clients that address another service by its name, which ask for it: AddHttpClient(…).AddServiceDiscovery(). Providers have
        // addresses, and their clients nothing to look up.
        builder.Services.AddServiceDiscovery();
        // Their lines hold paths, and those device tokens. Nothing else is added to clients: only a delivery's own schedule sends again.
        builder.Services.ConfigureHttpClientDefaults(http => http.RemoveAllLoggers());
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = ShutdownTimeout;
            // A replica whose loop has failed must go, so that another takes its partitions.
            options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost;
        });
        return builder;
    }

    /// <summary>Maps <c>/health</c> (ready: every check) and <c>/alive</c> (the process answers: checks tagged <c>live</c>), in every
    /// environment.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapNotifyHealth();
        return app;
    }

    /// <summary>Runs the service until it is stopped. Where settings are missing or wrong it says which, a line for each, and does not
    /// start.</summary>
    /// <returns>The process's exit code.</returns>
    public static int RunService(this WebApplication app)
    {
        if (SettingsCheck.Reports(app.Services))
            return SettingsCheck.ExitCode;
        app.Run();
        return 0;
    }
}
