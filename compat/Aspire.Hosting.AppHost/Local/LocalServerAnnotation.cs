using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Says how a resource that is a container elsewhere runs on this machine.</summary>
public sealed class LocalServerAnnotation(Func<LocalServerContext, CancellationToken, Task<LocalServer>> prepare) : IResourceAnnotation
{
    /// <summary>Called before every start of the server, a restart after a crash included.</summary>
    public Func<LocalServerContext, CancellationToken, Task<LocalServer>> Prepare { get; } = prepare;
}
