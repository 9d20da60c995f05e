using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Notify.AppHost;

/// <summary>Says when everything is up, what to open and what to try.</summary>
internal sealed class ReadyNotice(
    ResourceNotificationService resources, IReadOnlyList<IResourceBuilder<ProjectResource>> services, IResourceBuilder<ProjectResource>? sandbox, string apiKey) : BackgroundService
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
        var arrived = sandbox is null ? "" : $"\n  What arrived:  {sandbox.GetEndpoint("http").Url}";
        // Straight to the console: a block to read and to copy from, not a line of a log.
        await Console.Out.WriteLineAsync($$$"""

            Notify is up.
              API:           {{{api}}}   (described at {{{api}}}/openapi/v1.json){{{arrived}}}
              Try:           curl -s {{{api}}}/v1/notifications -H 'Authorization: Bearer {{{apiKey}}}' -H 'Content-Type: application/json' -d '{"recipients":[{"email":"ada@example.test","phone":"+15005550009","push":{"platform":"fcm","token":"adas-phone"}}],"message":{"title":"Your parcel is here","body":"Pick it up until 18:00."}}'
              What became:   curl -s {{{api}}}/v1/notifications/ID -H 'Authorization: Bearer {{{apiKey}}}'
              Stop:          Ctrl+C

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
