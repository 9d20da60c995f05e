using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Notify.Workers.Push.Tokens;

/// <summary>When refused tokens are no longer believed to be dead, because too many of one app are refused in a short time.</summary>
public sealed class TokenOptions
{
    public const string SectionName = "Push:Tokens";

    /// <summary>Over how long tokens are counted; 1 min to 1 day, 10 min by default.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Fewer different refused tokens than this are too few to doubt them; 2 to 100,000, 20 by default.</summary>
    [Range(2, 100_000)]
    public int AtLeast { get; set; } = 20;

    /// <summary>
    /// The share of an app's different tokens above which a setting is to blame (another project, environment or topic); 0.001 to 1, 0.05
    /// by default.
    /// </summary>
    [Range(0.001, 1)]
    public double Share { get; set; } = 0.05;

    /// <summary>
    /// The same for tokens that are said to be gone (<c>UNREGISTERED</c>): many are, so it takes more to doubt it; 0.001 to 1, 0.5 by
    /// default.
    /// </summary>
    [Range(0.001, 1)]
    public double GoneShare { get; set; } = 0.5;
}

[OptionsValidator]
internal sealed partial class TokenOptionsValidator : IValidateOptions<TokenOptions>;
