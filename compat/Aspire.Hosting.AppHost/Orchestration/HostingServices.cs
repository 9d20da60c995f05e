using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Orchestration;

internal static class HostingServices
{
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromMinutes(1);

    public static void AddHosting(this DistributedApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(Options.Create(builder.Options));
        services.AddSingleton(builder.Options);
        services.AddSingleton(builder.ExecutionContext);
        services.AddSingleton(builder.Eventing);
        services.AddSingleton(new DistributedApplicationModel(builder.Resources));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ResourceLoggerService(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ResourceNotificationService(provider.GetRequiredService<IHostApplicationLifetime>(), provider)
        {
            DefaultWaitBehavior = builder.Options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable,
        });
        services.AddSingleton(provider => new ResourceCommandService(
            provider.GetRequiredService<ResourceNotificationService>(), provider.GetRequiredService<ResourceLoggerService>(), provider));
        services.AddHealthChecks();
        services.AddOrchestration(builder);
        services.AddSingleton<ManifestPublisher>();
    }

    private static void AddOrchestration(this IServiceCollection services, DistributedApplicationBuilder builder)
    {
        services.AddSingleton(_ => LocalFolders.Of(builder));
        services.AddSingleton(_ => new PortClaims(Path.Combine(LocalFolders.Of(builder).Tools, "ports")));
        services.AddSingleton(provider => new PortAllocator(random: builder.UnderTest, provider.GetRequiredService<PortClaims>()));
        services.AddSingleton<ChildGuard>();
        services.AddSingleton<HttpHealth>();
        services.AddSingleton<HealthWatch>();
        services.AddSingleton<Snapshots>();
        services.AddSingleton<DependencyWaits>();
        services.AddSingleton<EndpointAllocation>();
        services.AddSingleton<PassiveResources>();
        services.AddSingleton<ServerStarter>();
        services.AddSingleton<InstanceServices>();
        services.AddSingleton(provider => new InstanceEnvironment(builder.ExecutionContext, builder.Environment, provider.GetRequiredService<DashboardHost>().Telemetry));
        services.AddSingleton(provider => new ConsoleMirror(
            provider.GetRequiredService<ResourceLoggerService>(), provider.GetRequiredService<ILoggerFactory>(), builder.UnderTest));
        if (builder.ExecutionContext.IsRunMode)
        {
            services.AddHostedService(provider => provider.GetRequiredService<ConsoleMirror>());
            services.AddDashboard(builder);
            services.AddHostedService<Orchestrator>();
        }
        services.Configure<HostOptions>(options => options.ShutdownTimeout = s_stopTimeout);
    }

    /// <summary>The host's own messages in one line each; under test only where the test adds a place for them.</summary>
    public static void AddHostLog(this ILoggingBuilder logging, bool underTest)
    {
        logging.ClearProviders();
        if (!underTest)
            logging.AddSimpleConsole(options => options.SingleLine = true);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Every resource's health shows in its state, and a server that is still starting fails its checks.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // A failed start is told by whoever runs the host, without a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }
}
