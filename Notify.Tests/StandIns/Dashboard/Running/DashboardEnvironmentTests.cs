using System.Globalization;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Running;

namespace Notify.Tests.StandIns.Dashboard.Running;

public sealed class DashboardEnvironmentTests
{
    [Fact]
    public void Dashboard_is_guarded_and_given_only_what_is_its_business()
    {
        const string Secret = "NOTIFY_TESTS_SECRET";
        Environment.SetEnvironmentVariable(Secret, "x");
        var settings = new DashboardSettings
        {
            Enabled = true,
            FrontendUrl = new Uri("http://localhost:1"),
            FrontendBinding = "http://*:1",
            BrowserToken = "browser",
            OtlpGrpcEndpoint = new Uri("http://localhost:2"),
            OtlpHttpEndpoint = new Uri("http://localhost:3"),
            OtlpApiKey = "otlp",
        };

        var environment = DashboardEnvironment.Create(settings, new Uri("http://127.0.0.1:4"), "resources", "/private");

        Assert.Equal(
            ["http://*:1", "http://localhost:2", "http://localhost:3", "http://127.0.0.1:4"],
            new[] { "ASPNETCORE_URLS", "DOTNET_DASHBOARD_OTLP_ENDPOINT_URL", "DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "DOTNET_RESOURCE_SERVICE_ENDPOINT_URL" }.Select(name => environment[name]));
        Assert.Equal(("BrowserToken", "browser"), (environment["Dashboard__Frontend__AuthMode"], environment["Dashboard__Frontend__BrowserToken"]));
        Assert.Equal(("ApiKey", "otlp"), (environment["Dashboard__Otlp__AuthMode"], environment["Dashboard__Otlp__PrimaryApiKey"]));
        Assert.Equal(("ApiKey", "resources"), (environment["Dashboard__ResourceServiceClient__AuthMode"], environment["Dashboard__ResourceServiceClient__ApiKey"]));
        Assert.Equal(("/private", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)), (environment["HOME"], environment["ASPIRE_CLI_PID"]));
        Assert.DoesNotContain(Secret, environment.Keys);
        Environment.SetEnvironmentVariable(Secret, null);
    }
}
