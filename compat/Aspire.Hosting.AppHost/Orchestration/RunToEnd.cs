using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

internal static class RunToEnd
{
    public static Task RunAsync(IHost host, CancellationToken cancellationToken) => host.RunAsync(cancellationToken);
}
