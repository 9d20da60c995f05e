using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Notify.Tests.StandIns.Dashboard.Serving;

namespace Notify.Tests.StandIns.Dashboard;

public sealed class DashboardHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-dashboard-").FullName;
    private readonly List<string> _announced = [];

    [Fact]
    public async Task Addresses_and_keys_are_known_before_anything_starts()
    {
        InstallProgram();

        await using var host = Create();

        Assert.True(host.Settings.Enabled);
        Assert.Equal(3, new[] { host.Settings.FrontendUrl.Port, host.Settings.OtlpGrpcEndpoint.Port, host.Settings.OtlpHttpEndpoint.Port }.Distinct().Count());
        Assert.All([host.Settings.BrowserToken, host.Settings.OtlpApiKey], key => Assert.Matches("^[0-9a-f]{32}$", key));
        Assert.Equal($"x-otlp-api-key={host.Settings.OtlpApiKey}", host.Settings.OtlpHeaders);
        Assert.Equal($"http://localhost:{host.Settings.FrontendUrl.Port}/login?t={host.Settings.BrowserToken}", host.Settings.LoginUrl.ToString());
    }

    [Fact]
    public async Task Every_start_has_other_keys()
    {
        InstallProgram();
        await using var first = Create();
        await using var second = Create();

        Assert.NotEqual(first.Settings.BrowserToken, second.Settings.BrowserToken);
        Assert.NotEqual(first.Settings.OtlpApiKey, second.Settings.OtlpApiKey);
    }

    [Fact]
    public async Task Launch_profile_and_settings_decide_where_they_are_given()
    {
        InstallProgram();
        var (frontend, otlp) = (FreePort(), FreePort());

        await using var host = Create(
            ("ASPNETCORE_URLS", $"https://localhost:17000;http://localhost:{frontend}"),
            ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", $"http://localhost:{otlp}"),
            ("ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN", "mine"),
            ("AppHost:OtlpApiKey", "otlp"));

        Assert.Equal((frontend, otlp, "mine", "otlp"),
            (host.Settings.FrontendUrl.Port, host.Settings.OtlpGrpcEndpoint.Port, host.Settings.BrowserToken, host.Settings.OtlpApiKey));
    }

    [Theory]
    [InlineData("http://*:{0}", "http://localhost:{0}/")]
    [InlineData("http://0.0.0.0:{0}", "http://localhost:{0}/")]
    [InlineData("http://127.0.0.1:{0}", "http://127.0.0.1:{0}/")]
    public async Task Address_for_a_person_is_one_that_opens(string given, string shown)
    {
        InstallProgram();
        var port = FreePort();
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, given, port);

        await using var host = Create(("ASPNETCORE_URLS", url));

        Assert.Equal(url, host.Settings.FrontendBinding);
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, shown, port), host.Settings.FrontendUrl.ToString());
    }

    [Theory]
    [InlineData("https://localhost:17000")]
    [InlineData("http://")]
    [InlineData("")]
    public async Task Without_a_usable_http_address_a_free_port_is_taken(string urls)
    {
        InstallProgram();

        await using var host = Create(("ASPNETCORE_URLS", urls));

        Assert.NotEqual(17000, host.Settings.FrontendUrl.Port);
        Assert.NotEqual(80, host.Settings.FrontendUrl.Port);
        Assert.True(host.Settings.FrontendUrl.Port > 0);
    }

    [Fact]
    public async Task Port_that_another_listens_on_is_left_to_it()
    {
        InstallProgram();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var host = Create(("ASPNETCORE_URLS", $"http://localhost:{taken}"));

        Assert.NotEqual(taken, host.Settings.FrontendUrl.Port);
    }

    [Fact]
    public async Task Early_sender_of_telemetry_is_refused_at_once()
    {
        InstallProgram();
        await using var host = Create();
        using var sender = new TcpClient();

        var fault = await Assert.ThrowsAsync<SocketException>(async () =>
            await sender.ConnectAsync(IPAddress.Loopback, host.Settings.OtlpGrpcEndpoint.Port, TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    [Fact]
    public async Task Switched_off_it_does_nothing_and_says_nothing()
    {
        InstallProgram();
        await using var host = Create(("Dashboard:Enabled", "false"));

        host.Start(new StubSource());

        Assert.False(host.Settings.Enabled);
        Assert.Empty(_announced);
        Assert.False(File.Exists(Path.Combine(_folder, "ran")));
    }

    [Fact]
    public async Task Program_is_run_in_the_background_and_ended_with_the_host()
    {
        InstallProgram();
        var host = Create();
        host.Start(new StubSource());
        var ran = Path.Combine(_folder, "ran");
        while (!File.Exists(ran) || (await File.ReadAllTextAsync(ran, TestContext.Current.CancellationToken)).Split('\n').Length < 3)
            await Task.Delay(20, TestContext.Current.CancellationToken);

        await host.DisposeAsync();

        var lines = await File.ReadAllLinesAsync(ran, TestContext.Current.CancellationToken);
        Assert.Equal("dashboard", lines[0]);
        Assert.False(Directory.Exists($"/proc/{lines[1]}"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private DashboardHost Create(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Dashboard:Version", "0.0.1"), .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))])
            .Build();
        return DashboardHost.Create(new DashboardOptions(_folder, _folder), configuration, TimeProvider.System, NullLogger.Instance, _announced.Add);
    }

    /// <summary>Stands where a fetched dashboard would: notes its argument and its process, and stays.</summary>
    private void InstallProgram() =>
        ProgramFile.Write(Path.Combine(_folder, "aspire-dashboard", "0.0.1", "aspire-managed"), $"printf '%s\\n%s\\n' \"$1\" $$ > '{_folder}/ran'; exec sleep 600");

    private static int FreePort()
    {
        using var reservation = PortReservation.Take(0);
        return reservation.Port;
    }
}
