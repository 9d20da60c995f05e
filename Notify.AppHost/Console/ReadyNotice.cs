using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Notify.AppHost.Hosting;
using Notify.AppHost.Local;
using Notify.AppHost.Local.Kafka;
using Notify.Running;

namespace Notify.AppHost.Console;

/// <summary>Waits until every service is healthy, says so, and leaves a record of where everything is for as long as the host
/// runs.</summary>
internal sealed class ReadyNotice(ResourceNotificationService resources, NoticedResources noticed, IDistributedApplicationBuilder builder)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RunRecord record;
        try
        {
            await Task.WhenAll(
                noticed.Services.Select(service =>
                    resources.WaitForResourceHealthyAsync(service.Resource.Name, WaitBehavior.WaitOnResourceUnavailable, stoppingToken)
                )
            );
            record = await RecordAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        record.Write();
        try
        {
            HostConsole.Say(RunInfo.Text(record, withDatabase: false));
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        finally
        {
            record.Delete();
        }
    }

    private async Task<RunRecord> RecordAsync(CancellationToken cancellationToken) =>
        new(
            Environment.ProcessId,
            builder.AppHostDirectory,
            builder.UsesLocalServers() ? LocalFolders.Of(builder).Data : null,
            Dashboard(),
            UrlOf("api"),
            noticed.Services.Any(service => service.Resource.Name == "sandbox") ? UrlOf("sandbox") : null,
            await ConnectionStringAsync(noticed.Kafka, cancellationToken),
            noticed.Kafka.Resource is MockKafkaResource
                ? "librdkafka's built-in broker, for a first look: records are kept in memory and lost at the end; set KAFKA_HOME or pass --Kafka:Download=true for a real one"
                : null,
            await ConnectionStringAsync(noticed.Redis, cancellationToken),
            await ConnectionStringAsync(noticed.Database, cancellationToken),
            Development.ApiKeyOf(builder)
        );

    private string UrlOf(string service) => noticed.Services.Single(known => known.Resource.Name == service).GetEndpoint("http").Url;

    private string? Dashboard()
    {
        var address = HostAddresses.Dashboard(builder);
        return address is null || builder.Configuration["AppHost:BrowserToken"] is not { } token ? address : $"{address}/login?t={token}";
    }

    private static async Task<string> ConnectionStringAsync(
        IResourceBuilder<IResourceWithConnectionString> resource,
        CancellationToken cancellationToken
    ) => await resource.Resource.GetConnectionStringAsync(cancellationToken) ?? "";
}

/// <summary>What the ready notice is about.</summary>
internal sealed record NoticedResources(
    IReadOnlyList<IResourceBuilder<ProjectResource>> Services,
    IResourceBuilder<IResourceWithConnectionString> Kafka,
    IResourceBuilder<IResourceWithConnectionString> Redis,
    IResourceBuilder<IResourceWithConnectionString> Database
);
