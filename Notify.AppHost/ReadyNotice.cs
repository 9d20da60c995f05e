using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Notify.AppHost;

/// <summary>Says when everything is up, what to open and what to try.</summary>
internal sealed class ReadyNotice(
    ResourceNotificationService resources, IReadOnlyList<IResourceBuilder<ProjectResource>> services, IResourceBuilder<ProjectResource>? sandbox, string apiKey,
    ILogger<ReadyNotice> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IResourceBuilder<ProjectResource>[] awaited = sandbox is null ? [.. services] : [.. services, sandbox];
        try
        {
            await Task.WhenAll(awaited.Select(service => resources.WaitForResourceHealthyAsync(service.Resource.Name, WaitBehavior.WaitOnResourceUnavailable, stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        var api = services.Single(service => service.Resource.Name == "api").GetEndpoint("http").Url;
        var arrived = sandbox is null ? "" : $"\n  What arrived: {sandbox.GetEndpoint("http").Url}";
        log.LogInformation("{Notice}", $$$"""
            Notify is up.
              API: {{{api}}}{{{arrived}}}
              Try:
                curl -X POST {{{api}}}/v1/notifications -H 'Authorization: Bearer {{{apiKey}}}' -H 'Content-Type: application/json' \
                  -d '{"to":[{"email":"ada@example.test"}],"category":"welcome","content":{"subject":"Hello","text":"It works."}}'
            """);
    }
}

internal static class ReadyNoticeExtensions
{
    public static void AddReadyNotice(
        this IDistributedApplicationBuilder builder, IReadOnlyList<IResourceBuilder<ProjectResource>> services, IResourceBuilder<ProjectResource>? sandbox)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ReadyNotice>(
                provider, services, sandbox!, Development.ApiKeyOf(builder)));
        }
    }
}
