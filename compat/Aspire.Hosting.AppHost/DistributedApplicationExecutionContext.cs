namespace Aspire.Hosting;

public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    public DistributedApplicationOperation Operation { get; } = operation;
    public string PublisherName => IsPublishMode ? "manifest" : "";
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    internal IServiceProvider? Services { get; set; }

    public IServiceProvider ServiceProvider => Services
        ?? throw new InvalidOperationException("The services are there once the application has been built.");
}

public enum DistributedApplicationOperation
{
    Run,
    Publish,
}
