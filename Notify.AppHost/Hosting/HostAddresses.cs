using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Notify.AppHost.Console;

namespace Notify.AppHost.Hosting;

/// <summary>The addresses of the dashboard and of the services: those of the launch profiles where they are free, others where a host that
/// already runs has them.</summary>
internal static class HostAddresses
{
    // What the launch profile "http" says; a host that is started without a profile gets the same.
    private static readonly (string Variable, string Default)[] s_dashboard =
    [
        ("ASPNETCORE_URLS", "http://localhost:15000"),
        ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:19000"),
        ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "http://localhost:20000"),
    ];

    /// <summary>Call it before the builder is made, which reads these variables. A host inside a test process has no dashboard, and the
    /// variables there are not its own.</summary>
    public static void ChooseForDashboard()
    {
        if (!HostConsole.IsOurs)
            return;
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")))
            Environment.SetEnvironmentVariable(
                "DOTNET_ENVIRONMENT",
                Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Development"
            );
        var secured = true;
        foreach (var (variable, usual) in s_dashboard)
        {
            var given = Environment.GetEnvironmentVariable(variable);
            var chosen = string.Join(
                ';',
                (string.IsNullOrEmpty(given) ? usual : given).Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Free)
            );
            Environment.SetEnvironmentVariable(variable, chosen);
            secured &= !chosen.Contains("http://", StringComparison.OrdinalIgnoreCase);
        }
        if (secured)
            return;
        SetDefault("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true");
    }

    /// <summary>The dashboard's address; null in a host that has none, such as one inside a test.</summary>
    public static string? Dashboard(IDistributedApplicationBuilder builder) =>
        HostConsole.IsOurs && builder.Configuration["ASPNETCORE_URLS"]?.Split(';')[0] is { Length: > 0 } address ? address : null;

    /// <summary>
    /// Gives each service the ports of its launch profile, or others where those are taken; tests and <c>aspire run --isolated</c> want
    /// none that are known in advance. A service that runs once listens there itself. Behind the orchestrator's proxy, which is there for
    /// replicas, it would answer half as fast, and now and then not at all after a restart: the orchestrator (DCP of Aspire 13.6) then
    /// misses that the new process listens at the port of the old one.
    /// </summary>
    public static void ChooseForServices(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;
        var anyPort = builder.Configuration.GetValue("DcpPublisher:RandomizePorts", false);
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            // They serve plain HTTP here; where a certificate could be used, Aspire warns that this machine has none.
            builder.CreateResourceBuilder(project).WithoutHttpsCertificate();
            var runsOnce = project.GetReplicaCount() == 1;
            foreach (var endpoint in project.Annotations.OfType<EndpointAnnotation>())
            {
                if (!runsOnce && (anyPort || endpoint.Port is null))
                    continue; // the orchestrator chooses
                endpoint.Port = endpoint.Port is { } wanted && !anyPort ? Ports.Take(wanted) : Ports.Take();
                if (runsOnce)
                    (endpoint.IsProxied, endpoint.TargetPort) = (false, endpoint.Port);
            }
        }
    }

    private static string Free(string address)
    {
        var url = new UriBuilder(address);
        url.Port = Ports.Take(url.Port);
        return string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}://{url.Host}:{url.Port}");
    }

    private static void SetDefault(string variable, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
            Environment.SetEnvironmentVariable(variable, value);
    }
}
