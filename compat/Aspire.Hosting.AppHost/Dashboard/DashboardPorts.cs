using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>The three ports the dashboard will listen on, chosen at once and kept from others until it starts.</summary>
/// <param name="frontendHost">The host part of the pages' address as the launch profile gives it: localhost, an address, or * for all.</param>
internal sealed class DashboardPorts(string frontendHost, PortReservation frontend, PortReservation otlpGrpc, PortReservation otlpHttp) : IDisposable
{
    public string FrontendHost { get; } = frontendHost;

    public PortReservation Frontend { get; } = frontend;

    public PortReservation OtlpGrpc { get; } = otlpGrpc;

    public PortReservation OtlpHttp { get; } = otlpHttp;

    /// <summary>
    /// Takes the ports of the launch profile (applicationUrl, ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL, ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL) where they are
    /// given for http and free, and any free one else.
    /// </summary>
    public static DashboardPorts Take(IConfiguration configuration)
    {
        var frontend = HttpAddress(configuration["ASPNETCORE_URLS"]);
        return new(
            frontend?.Host ?? "localhost",
            PortReservation.Take(frontend?.Port ?? 0),
            PortReservation.Take(HttpAddress(configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"])?.Port ?? 0),
            PortReservation.Take(HttpAddress(configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"])?.Port ?? 0));
    }

    /// <summary>Lets go of the ports for the dashboard to take.</summary>
    public void Dispose()
    {
        Frontend.Dispose();
        OtlpGrpc.Dispose();
        OtlpHttp.Dispose();
    }

    private static BindingAddress? HttpAddress(string? urls)
    {
        var url = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        try
        {
            return url is null ? null : BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;   // a dashboard on a free port is better than none
        }
    }
}
