using System.Diagnostics;

namespace Notify.Core.Telemetry;

/// <summary>Carries a trace over a record: <c>traceparent</c> in, <c>traceparent</c> out.</summary>
public static class Traces
{
    /// <summary>A span under the one that produced the record; under none when the header is missing or unreadable.</summary>
    public static Activity? StartFrom(ActivitySource source, string name, ActivityKind kind, string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? source.StartActivity(name, kind, parent)
            : source.StartActivity(name, kind, default(ActivityContext));

    /// <summary>The header of the current span.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
