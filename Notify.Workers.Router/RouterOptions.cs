using System.ComponentModel.DataAnnotations;

namespace Notify.Workers.Router;

/// <summary>How notifications are routed.</summary>
public sealed class RouterOptions
{
    public const string SectionName = "Router";

    /// <summary>The tenant of records that name none; without one such a record is a dead letter.</summary>
    [StringLength(64)]
    public string? DefaultTenant { get; set; }

    /// <summary>Records of one lane that may be in flight; 1 to 10,000, 1,000 by default.</summary>
    [Range(1, 10_000)]
    public int MaxInFlight { get; set; } = 1_000;

    /// <summary>Categories whose deliveries end as <c>unknown</c> rather than risk a second message when a provider's answer is lost.</summary>
    public IList<string> AtMostOnceCategories { get; init; } = [];

    /// <summary>How often the pump looks for rows that came due; 10 ms to 10 s, 100 ms by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan PumpInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Rows the pump takes at once; 1 to 5,000, 500 by default.</summary>
    [Range(1, 5_000)]
    public int PumpBatch { get; set; } = 500;
}
