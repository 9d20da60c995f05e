using Aspire.Hosting.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

internal static class RunToEnd
{
    /// <summary>Runs until it is stopped, or writes the manifest; what the user can mend is said in one line, with exit code 1.</summary>
    public static async Task RunAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            if (host.Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
                await host.Services.GetRequiredService<ManifestPublisher>().PublishAsync(cancellationToken);
            else
                await host.RunAsync(cancellationToken);
        }
        catch (DistributedApplicationException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            System.Environment.ExitCode = 1;
        }
    }
}
