namespace Aspire.Hosting.ApplicationModel;

/// <summary>Changes the address that is shown for an endpoint, or adds one to it.</summary>
internal sealed class EndpointUrlAnnotation(string endpointName, Func<ResourceUrlAnnotation, ResourceUrlAnnotation> apply) : IResourceAnnotation
{
    public string EndpointName { get; } = endpointName;
    public Func<ResourceUrlAnnotation, ResourceUrlAnnotation> Apply { get; } = apply;
    public bool IsAdditional { get; init; }
}
