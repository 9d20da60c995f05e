namespace Aspire.Hosting.Orchestration;

internal sealed class MissingParameterException(string message) : DistributedApplicationException(message);
