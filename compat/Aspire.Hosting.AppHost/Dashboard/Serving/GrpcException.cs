namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>Ends a call with a status other than OK; the message goes to the caller.</summary>
internal sealed class GrpcException(GrpcStatus status, string message) : Exception(message)
{
    public GrpcStatus Status { get; } = status;
}
