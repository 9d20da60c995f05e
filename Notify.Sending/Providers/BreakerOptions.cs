using System.ComponentModel.DataAnnotations;
using Notify.Core.Deliveries;

namespace Notify.Sending.Providers;

/// <summary>When a provider credential counts as broken, and how it is tried again.</summary>
public sealed class BreakerOptions
{
    /// <summary>The share of failed calls (transient, answer lost, slow) in <see cref="Window"/> that opens it; above 0, at most 1; 0.25 by
    /// default.</summary>
    [Range(0.01, 1)]
    public double FailureRatio { get; set; } = 0.25;

    /// <summary>Over how long calls are counted; 0.5 s to 5 min, 10 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Fewer calls than this in the window are too few for a share; 2 to 10,000, 10 by default. <see cref="FailuresInARow"/> is
    /// for those.</summary>
    [Range(2, 10_000)]
    public int MinimumCalls { get; set; } = 10;

    /// <summary>Failed calls without a success between them that open it too, where they lie as far apart as the window or further; 2 to
    /// 10,000, 3 by default.</summary>
    [Range(2, 10_000)]
    public int FailuresInARow { get; set; } = 3;

    /// <summary>How long it stays open the first time; doubles with each probe that fails. 0.5 s to 10 min, 5 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>It never stays open longer than this before it is probed; 0.5 s to 1 h, 60 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan MaxBreak { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A call that takes longer counts as failed for the provider's health, while it still runs; 0.1 s to 5 min, 10 s by
    /// default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan SlowCall { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Misconfigured answers in a row (a login refused, a key withdrawn) that open it at once; 1 to 100, 2 by default.</summary>
    [Range(1, 100)]
    public int Misconfigured { get; set; } = 2;
}
