using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Notify.Api.Limits;

/// <summary>
/// How much each tenant may send in, so that none fills the road to the Router for the others. Counted in memory: every Api process has
/// limits of its own, and three processes together let three times as much in.
/// </summary>
internal sealed class AcceptOptions
{
    public const string SectionName = "Accept";

    /// <summary>Recipients a second of each tenant, by lane: a notification counts as many as it has, 1 to 500.</summary>
    [ValidateObjectMembers]
    public AcceptRates PerSecond { get; init; } = new();

    /// <summary>How long a tenant that was quiet may save up: so many seconds' worth may come at once. 1 s to 1 h, 60 s by
    /// default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Burst { get; set; } = TimeSpan.FromSeconds(60);
}

[OptionsValidator]
internal sealed partial class AcceptOptionsValidator : IValidateOptions<AcceptOptions>;
