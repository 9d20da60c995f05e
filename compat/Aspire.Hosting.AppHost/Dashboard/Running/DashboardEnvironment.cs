using System.Globalization;

namespace Aspire.Hosting.Dashboard.Running;

/// <summary>The variables of the dashboard's process: its own and a few of the host's, none of which is the application's business.</summary>
internal static class DashboardEnvironment
{
    /// <summary>What a .NET process may need of the host's environment; everything else, secrets among it, stays behind.</summary>
    private static readonly string[] Inherited =
    [
        "PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "windir", "LD_LIBRARY_PATH",
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "SSL_CERT_FILE", "SSL_CERT_DIR",
    ];

    /// <param name="settings">Addresses and secrets of this start.</param>
    /// <param name="resourceService">Where the host serves its resources.</param>
    /// <param name="resourceServiceKey">What the host asks for there.</param>
    /// <param name="home">
    /// A folder of this start alone: the dashboard keeps the keys of its login cookies there, and with old keys an old cookie would still open it.
    /// </param>
    public static Dictionary<string, string> Create(DashboardSettings settings, Uri resourceService, string resourceServiceKey, string home)
    {
        var environment = Inherited
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(variable => variable.Value is not null)
            .ToDictionary(variable => variable.Name, variable => variable.Value!);

        environment["HOME"] = environment["USERPROFILE"] = environment["LOCALAPPDATA"] = home;
        environment["ASPIRE_CLI_PID"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);   // it ends when this process does, however that comes
        environment["ASPNETCORE_URLS"] = settings.FrontendBinding;
        environment["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"] = AddressOf(settings.OtlpGrpcEndpoint);
        environment["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = AddressOf(settings.OtlpHttpEndpoint);
        environment["DOTNET_RESOURCE_SERVICE_ENDPOINT_URL"] = AddressOf(resourceService);
        environment["Dashboard__Frontend__AuthMode"] = "BrowserToken";
        environment["Dashboard__Frontend__BrowserToken"] = settings.BrowserToken;
        environment["Dashboard__Otlp__AuthMode"] = "ApiKey";
        environment["Dashboard__Otlp__PrimaryApiKey"] = settings.OtlpApiKey;
        environment["Dashboard__ResourceServiceClient__AuthMode"] = "ApiKey";
        environment["Dashboard__ResourceServiceClient__ApiKey"] = resourceServiceKey;
        environment["Logging__LogLevel__Default"] = "Warning";   // at Information it would write the login address into its log
        return environment;
    }

    private static string AddressOf(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
