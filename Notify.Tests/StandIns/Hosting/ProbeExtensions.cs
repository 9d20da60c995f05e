using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Notify.Tests.StandIns.Hosting;

internal static class ProbeExtensions
{
    public static IResourceBuilder<ProjectResource> AddProbe(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<ProbeProject>(name, options => options.ExcludeLaunchProfile = true).WithHttpEndpoint().WithHttpHealthCheck("/health");

    public static IResourceBuilder<ProjectResource> AddMigration(this IDistributedApplicationBuilder builder, string name, int exitCode = 0) =>
        builder.AddProject<ProbeProject>(name, options => options.ExcludeLaunchProfile = true).WithArgs("migrate")
            .WithEnvironment("PROBE_EXIT", exitCode.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static async Task<T?> AskProbeAsync<T>(this DistributedApplication app, string name, string path, CancellationToken cancellationToken)
    {
        await app.ResourceNotifications.WaitForResourceHealthyAsync(name, cancellationToken);
        using var client = app.CreateHttpClient(name);
        return await client.GetFromJsonAsync<T>(path, cancellationToken);
    }
}
