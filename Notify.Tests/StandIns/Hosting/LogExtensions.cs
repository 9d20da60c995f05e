using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Notify.Tests.StandIns.Hosting;

internal static class LogExtensions
{
    /// <summary>What the resource's only instance has written so far.</summary>
    public static async Task<IReadOnlyList<string>> LinesOfAsync(this DistributedApplication app, string name, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var instance = Assert.Single(app.ResourceNotifications.FindInstances(name));
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(instance.ResourceId).WithCancellation(cancellationToken))
            lines.AddRange(batch.Select(line => line.Content));
        return lines;
    }
}
