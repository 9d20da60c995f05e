namespace Aspire.Hosting.Orchestration;

/// <summary>Where the services send their telemetry; absent, they send none.</summary>
internal sealed record TelemetryTarget(string Endpoint, string Protocol, string? Headers);
