using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.AppHost.Console;
using Notify.AppHost.Local;
using Notify.AppHost.Running;

namespace Notify.AppHost.Hosting;

internal static class HostServices
{
    /// <summary>What the host itself does while it runs: tells how the start goes, keeps everything running, and stops it in
    /// order.</summary>
    public static void AddHostServices(this IDistributedApplicationBuilder builder, NoticedResources noticed)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;
        builder.QuietLog();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(builder);
        builder.Services.AddSingleton(noticed);
        builder.Services.AddHostedService<StartupProgress>();
        builder.Services.AddHostedService<ReadyNotice>();
        builder.Services.AddSingleton<KeepRunning>();
        builder.Services.AddHostedService(services => services.GetRequiredService<KeepRunning>());
        builder.Services.AddHostedService<OrderlyStop>(); // the last to start is the first to stop
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = OrderlyStop.Patience + TimeSpan.FromSeconds(10));
        HostConsole.Say(
            builder.UsesLocalServers()
                ? $"Starting Notify; no container engine runs here, so its servers are local processes, with their data in {LocalFolders.Of(builder).Data}"
                : "Starting Notify."
        );
    }

    /// <summary>
    /// Leaves the console to what a person wants to know; warnings still come. Aspire's own lines stay where an IDE reads them. More is
    /// said with <c>--Notify:Verbose=true</c>, and the services' logs are on the dashboard.
    /// </summary>
    private static void QuietLog(this IDistributedApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpClientDefaults(http => http.RemoveAllLoggers());
        if (builder.Configuration.GetValue("Notify:Verbose", false) || !string.IsNullOrEmpty(builder.Configuration["DEBUG_SESSION_PORT"]))
            return;
        builder.Services.AddLogging(logging =>
            logging
                .AddFilter("Aspire.Hosting", LogLevel.Warning)
                // that there is no development certificate, which nothing here uses
                .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error)
                .AddFilter("Aspire.Hosting.Health", LogLevel.None) // what is not up yet is not up: the lines of the start say when it is
                .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
                .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
                .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
                .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
        );
    }
}
