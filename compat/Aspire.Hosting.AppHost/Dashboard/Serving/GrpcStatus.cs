namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>The gRPC status codes that this service answers with (numbers of the gRPC specification).</summary>
internal enum GrpcStatus
{
    Ok = 0,
    InvalidArgument = 3,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}
