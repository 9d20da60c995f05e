using System.ComponentModel.DataAnnotations;

namespace Notify.Workers.Router;

/// <summary>How notifications are routed.</summary>
public sealed class RouterOptions
{
    public const string SectionName = "Router";

    /// <summary>The tenant of records that name none; without one such a record is a dead letter.</summary>
    [StringLength(64)]
    public string? DefaultTenant { get; set; }

    /// <summary>
    /// Records of one lane that are read ahead, so that tenants can take turns; 1 to 50,000, 5,000 by default. Each may hold as much memory
    /// as a notification may be large.
    /// </summary>
    [Range(1, 50_000)]
    public int MaxInFlight { get; set; } = 5_000;

    /// <summary>Categories whose deliveries end as <c>unknown</c> rather than risk a second message when a provider's answer is
    /// lost.</summary>
    public IList<string> AtMostOnceCategories { get; init; } = [];

    /// <summary>
    /// Deliveries of one channel and lane that may stand in Kafka, shared by the tenants that use the lane; the rest waits as rows. 10 to
    /// 1,000,000, 4,000 by default. Not above what one worker process reads ahead (<c>Delivery:Window</c>, and <c>Kafka:ReadAheadBytes</c>
    /// where records are long).
    /// </summary>
    [Range(10, 1_000_000)]
    public int LaneWindow { get; set; } = 4_000;

    /// <summary>No tenant's share of a lane is smaller, however many share it; 1 to 10,000, 50 by default.</summary>
    [Range(1, 10_000)]
    public int MinShare { get; set; } = 50;

    /// <summary>How often what stands in Kafka is counted while something moves; 10 ms to 10 s, 100 ms by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan ShareInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often queued rows are compared with how far the workers have come; 1 s to 1 h, 10 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How much older than the workers' position a queued row must be before its record counts as lost; 1 s to 1 day, 60 s by default.
    /// Covers clocks that differ.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReconcileMargin { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the pump looks for rows that came due; 10 ms to 10 s, 50 ms by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan PumpInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long Postgres must have answered without a gap before the pump takes a claim past its lease as abandoned; 0 to 1 h, 20 s by
    /// default. Not below a quarter of the workers' <c>Delivery:Lease</c>, which is how often they renew it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettlingTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Rows of one lane the pump takes at once; 1 to 5,000, 500 by default.</summary>
    [Range(1, 5_000)]
    public int PumpBatch { get; set; } = 500;
}
