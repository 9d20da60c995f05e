using System.Diagnostics;
using OpenTelemetry;

namespace Notify.ServiceDefaults.Telemetry;

/// <summary>Keeps spans of health probes, and from every span what may name a person or a secret, from the exporter.</summary>
internal sealed class SpanFilter : BaseProcessor<Activity>
{
    /// <summary>Paths hold device tokens (APNs) and ids that tenants choose, queries whatever a caller sent; the route and the origin say enough.</summary>
    private static readonly string[] PrivateTags =
        ["url.path", "url.query", "http.target", "http.url", "client.address", "user_agent.original", "network.peer.address", "enduser.id"];

    /// <summary>Takes a span, and what starts below it in this process, out of the trace.</summary>
    public static void Drop(Activity activity)
    {
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        activity.IsAllDataRequested = false;
    }

    public override void OnStart(Activity data)
    {
        // A sampler such as always_on does not look at the parent.
        if (data.Parent is { Recorded: false } || IsHousekeeping(data))
            Drop(data);
    }

    /// <summary>A statement that belongs to no request and no record: a loop looking whether there is work, ten times a second. Metrics count those.</summary>
    private static bool IsHousekeeping(Activity activity) => activity.Source.Name == "Npgsql" && activity.ParentSpanId == default;

    public override void OnEnd(Activity data)
    {
        foreach (var tag in PrivateTags)
            data.SetTag(tag, null);
        if (data.GetTagItem("url.full") is string full)
            data.SetTag("url.full", Uri.TryCreate(full, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null);
    }
}
