using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>What to ask of an instance; each replica is asked on its own port.</summary>
internal sealed record HttpHealthCheckAnnotation(string Key, EndpointReference Endpoint, string Path, int StatusCode) : IResourceAnnotation;
