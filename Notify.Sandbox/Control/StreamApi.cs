using System.Globalization;
using System.Text;
using System.Text.Json;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Control;

/// <summary>Arrivals as server-sent events. Written in batches, so that a page left open costs a benchmark next to nothing.</summary>
internal static class StreamApi
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static IEndpointRouteBuilder MapStream(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/stream", StreamAsync);
        return routes;
    }

    private static async Task StreamAsync(HttpContext context, Arrivals arrivals, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var watcher = arrivals.Watch();
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-cache";
            await context.Response.WriteAsync(": watching\n\n", stop.Token);
            await context.Response.Body.FlushAsync(stop.Token);
            while (await watcher.Reader.WaitToReadAsync(stop.Token))
            {
                var events = new StringBuilder();
                while (events.Length < 262_144 && watcher.Reader.TryRead(out var message))
                {
                    var data = JsonSerializer.Serialize(MessageReader.Summary(message), SandboxJson.Readable.MessageView); // one line
                    events.Append(CultureInfo.InvariantCulture, $"id: {message.Seq}\nevent: arrived\ndata: {data}\n\n");
                }

                await context.Response.WriteAsync(events.ToString(), stop.Token);
                await context.Response.Body.FlushAsync(stop.Token);
                await Task.Delay(Pause, time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return; // the watcher left, or the sandbox stops
        }
        finally
        {
            arrivals.Leave(watcher);
        }
    }
}
