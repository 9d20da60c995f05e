using System.ComponentModel.DataAnnotations;

namespace Notify.ServiceDefaults.Http;

/// <summary>Limits on outgoing HTTP calls. One client departs from them with <c>services.Configure&lt;OutgoingHttpOptions&gt;(clientName, …)</c>.</summary>
public sealed class OutgoingHttpOptions
{
    public const string SectionName = "OutgoingHttp";

    /// <summary>Longest wait for the response's headers, 0.1 s to 10 min. A body that is read with them may take as long again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The breaker opens when this share of the calls to one origin failed within <see cref="SamplingDuration"/>; above 0, up to 1.</summary>
    [Range(0.01, 1)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Calls within <see cref="SamplingDuration"/> below which the breaker does not judge, 2 to 10,000.</summary>
    [Range(2, 10_000)]
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>0.5 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open breaker refuses before it lets one call try, 0.5 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
