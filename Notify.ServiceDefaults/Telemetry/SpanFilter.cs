using System.Diagnostics;
using OpenTelemetry;

namespace Notify.ServiceDefaults.Telemetry;

/// <summary>Keeps spans of health probes, and from every span what may name a person or a secret, from the exporter.</summary>
internal sealed class SpanFilter : BaseProcessor<Activity>
{
    /// <summary>Paths hold device tokens (APNs) and ids that tenants choose, queries whatever a caller sent; the route and the origin say
    /// enough.</summary>
    private static readonly string[] PrivateTags =
    [
        "url.path",
        "url.query",
        "http.target",
        "http.url",
        "http.request.method_original",
        "client.address",
        "user_agent.original",
        "network.peer.address",
        "enduser.id",
    ];

    /// <summary>Sources of statements and commands: Npgsql's own, and that of the Redis instrumentation which Aspire's component
    /// adds.</summary>
    private static readonly string[] Stores = ["Npgsql", "OpenTelemetry.Instrumentation.StackExchangeRedis"];

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

    /// <summary>
    /// A statement or command of no request and no record: a loop that looks for work ten times a second, a cache that is refreshed.
    /// Metrics count those. The spans of Redis are made later, when the request's or probe's own is gone: only their parent's flags tell
    /// that it was dropped.
    /// </summary>
    private static bool IsHousekeeping(Activity activity) =>
        Stores.Contains(activity.Source.Name)
        && (activity.ParentSpanId == default || activity.ParentId?.EndsWith("-00", StringComparison.Ordinal) == true);

    public override void OnEnd(Activity data)
    {
        foreach (var tag in PrivateTags)
            data.SetTag(tag, null);
        if (data.GetTagItem("url.full") is string full)
            data.SetTag("url.full", Uri.TryCreate(full, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null);
    }
}
