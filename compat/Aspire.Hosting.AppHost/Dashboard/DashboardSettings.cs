namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard will be and what opens it: known before anything starts, so that services can be given it.</summary>
internal sealed class DashboardSettings
{
    /// <summary>False when it is switched off or cannot be had here; nothing else is of use then.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The pages' address for a person, such as http://localhost:15000.</summary>
    public required Uri FrontendUrl { get; init; }

    /// <summary>What the pages are bound to, such as http://localhost:15000 or http://*:15000.</summary>
    public required string FrontendBinding { get; init; }

    /// <summary>What a person logs in with. A secret: print it only as part of <see cref="LoginUrl"/>.</summary>
    public required string BrowserToken { get; init; }

    /// <summary>For OTEL_EXPORTER_OTLP_ENDPOINT with OTEL_EXPORTER_OTLP_PROTOCOL=grpc. Refuses connections until the dashboard is up.</summary>
    public required Uri OtlpGrpcEndpoint { get; init; }

    /// <summary>The same for http/protobuf.</summary>
    public required Uri OtlpHttpEndpoint { get; init; }

    /// <summary>Senders carry it: OTEL_EXPORTER_OTLP_HEADERS=x-otlp-api-key=… (see <see cref="OtlpHeaders"/>).</summary>
    public required string OtlpApiKey { get; init; }

    public string OtlpHeaders => $"x-otlp-api-key={OtlpApiKey}";

    public Uri LoginUrl => new(FrontendUrl, $"/login?t={Uri.EscapeDataString(BrowserToken)}");
}
