using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Contract;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>The methods of aspire.v1.DashboardService, each from its request's body to its response's.</summary>
internal sealed class ResourceCalls(IDashboardSource source, ResourceBoard board)
{
    /// <summary>Characters of log text in one message; well under the four megabytes that a gRPC client takes.</summary>
    private const int MaxLogCharacters = 256 * 1024;

    public Task InvokeAsync(string method, HttpContext http, CancellationToken cancellationToken) => method switch
    {
        "GetApplicationInformation" => GetApplicationInformationAsync(http, cancellationToken),
        "WatchResources" => WatchResourcesAsync(http, cancellationToken),
        "WatchResourceConsoleLogs" => WatchResourceConsoleLogsAsync(http, cancellationToken),
        "ExecuteResourceCommand" => ExecuteResourceCommandAsync(http, cancellationToken),
        "WatchInteractions" => WatchInteractionsAsync(http, cancellationToken),
        _ => throw new GrpcException(GrpcStatus.Unimplemented, "This host does not serve the method."),
    };

    private async Task GetApplicationInformationAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await GrpcFrames.ReadAsync(http.Request.BodyReader, ApplicationInformationRequest.Parser, cancellationToken);
        await GrpcFrames.WriteAsync(http.Response.BodyWriter, new ApplicationInformationResponse { ApplicationName = source.ApplicationName }, cancellationToken);
    }

    private async Task WatchResourcesAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await GrpcFrames.ReadAsync(http.Request.BodyReader, WatchResourcesRequest.Parser, cancellationToken);
        using var subscription = board.Subscribe();
        var initial = new InitialResourceData();
        initial.Resources.AddRange(subscription.Initial);
        await GrpcFrames.WriteAsync(http.Response.BodyWriter, new WatchResourcesUpdate { InitialData = initial }, cancellationToken);
        while (true)
        {
            var changes = new WatchResourcesChanges();
            foreach (var resource in await subscription.TakeAsync(cancellationToken))
                changes.Value.Add(new WatchResourcesChange { Upsert = resource });
            await GrpcFrames.WriteAsync(http.Response.BodyWriter, new WatchResourcesUpdate { Changes = changes }, cancellationToken);
        }
    }

    private async Task WatchResourceConsoleLogsAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = await GrpcFrames.ReadAsync(http.Request.BodyReader, WatchResourceConsoleLogsRequest.Parser, cancellationToken);
        await foreach (var lines in source.ReadLogsAsync(request.ResourceName, follow: !request.SuppressFollow, cancellationToken).WithCancellation(cancellationToken))
        {
            var update = new WatchResourceConsoleLogsUpdate();
            var characters = 0;
            foreach (var line in lines)
            {
                var message = ToMessage(line);
                if (characters + message.Text.Length > MaxLogCharacters && update.LogLines.Count > 0)
                {
                    await GrpcFrames.WriteAsync(http.Response.BodyWriter, update, cancellationToken);
                    update = new WatchResourceConsoleLogsUpdate();
                    characters = 0;
                }

                update.LogLines.Add(message);
                characters += message.Text.Length;
            }

            if (update.LogLines.Count > 0)
                await GrpcFrames.WriteAsync(http.Response.BodyWriter, update, cancellationToken);
        }
    }

    private async Task ExecuteResourceCommandAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = await GrpcFrames.ReadAsync(http.Request.BodyReader, ResourceCommandRequest.Parser, cancellationToken);
        var result = await source.ExecuteAsync(request.ResourceName, request.CommandName, cancellationToken);
        var response = new ResourceCommandResponse
        {
            Kind = result switch
            {
                { Success: true } => ResourceCommandResponseKind.Succeeded,
                { Canceled: true } => ResourceCommandResponseKind.Cancelled,
                _ => ResourceCommandResponseKind.Failed,
            },
        };
        if (result.Message is { Length: > 0 } message)
            response.Message = message;
        await GrpcFrames.WriteAsync(http.Response.BodyWriter, response, cancellationToken);
    }

    /// <summary>Open and silent until the caller ends it: an idle caller must not look like a slow upload.</summary>
    private static async Task WatchInteractionsAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(cancellationToken);
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private static ConsoleLogLine ToMessage(LogLine line) => new()
    {
        LineNumber = line.LineNumber,
        Text = line.Content is null ? "" : line.Content.Length > MaxLogCharacters ? line.Content[..MaxLogCharacters] : line.Content,
        IsStdErr = line.IsErrorMessage,
    };
}
