using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Notify.Sending.Limits;

/// <summary>How the permits of a provider's credential are shared among replicas.</summary>
public sealed class LimitOptions
{
    public const string SectionName = "Limits";

    /// <summary>The part of a credential's burst that only critical messages may take, rounded down to whole messages; 0 to 0.9, 0.1 by
    /// default.</summary>
    [Range(0.0, 0.9)]
    public double CriticalReserve { get; set; } = 0.1;

    /// <summary>
    /// How much of the rate a process takes from Redis at once: 100 ms of 5,000 a second are 500 permits, at least 1 and at most 1,000 or
    /// the burst. 10 ms to 5 s, 100 ms by default. Permits that are not used within twice this time (at least 100 ms) go back; so much of
    /// the rate may come on top of the burst after a quiet time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The part of a rate that a process grants itself while Redis is away; 0.01 to 1, 0.25 by default, which is safe for up to
    /// four replicas.</summary>
    [Range(0.01, 1.0)]
    public double LocalFraction { get; set; } = 0.25;

    internal TimeSpan LeaseLifetime => TimeSpan.FromMilliseconds(Math.Max(100, 2 * LeaseTime.TotalMilliseconds));
}

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
