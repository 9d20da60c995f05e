using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Serving;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

internal static class DashboardServices
{
    /// <summary>
    /// The dashboard beside the application; under test, when publishing and where the application wants none it stays away. Before the orchestrator:
    /// what is registered first is stopped last, and so it shows the resources stopping.
    /// </summary>
    public static void AddDashboard(this IServiceCollection services, DistributedApplicationBuilder builder)
    {
        services.AddSingleton(provider =>
        {
            var folders = provider.GetRequiredService<LocalFolders>();
            var wanted = builder.ExecutionContext.IsRunMode && !builder.UnderTest && !builder.Options.DisableDashboard;
            return DashboardHost.Create(
                new DashboardOptions(folders.Tools, folders.Data, wanted), builder.Configuration, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.Hosting.Dashboard"), Console.Out.WriteLine);
        });
        services.AddHostedService(provider => new Starter(provider.GetRequiredService<DashboardHost>(), new HostDashboardSource(
            NameOf(builder.Environment.ApplicationName), provider.GetRequiredService<ResourceNotificationService>(),
            provider.GetRequiredService<ResourceLoggerService>(), provider.GetRequiredService<ResourceCommandService>())));
    }

    /// <summary>The application's name without the word for the project that describes it.</summary>
    private static string NameOf(string project) =>
        project.EndsWith(".AppHost", StringComparison.OrdinalIgnoreCase) ? project[..^".AppHost".Length] : project;

    private sealed class Starter(DashboardHost dashboard, HostDashboardSource source) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            dashboard.Start(source);
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken) => await dashboard.DisposeAsync();
    }
}
