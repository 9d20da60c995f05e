using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Sending;

/// <summary>How a channel worker sends, retries and gives up.</summary>
public sealed class DeliveryOptions
{
    public const string SectionName = "Delivery";

    /// <summary>Provider calls a delivery may cost at most: the first and its retries; 1 to 20, 6 by default. Throttled answers cost none,
    /// nor do those that refuse our own setup, unless for this address alone; nor does a call that finds a broken provider still down and
    /// was certainly not taken.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 6;

    /// <summary>Upper bound of the first wait; doubles with each attempt, with full jitter. 0.1 s to 1 h, 5 s by default. A provider's own
    /// schedule wins.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan RetryBase { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>No wait is shorter; 1 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RetryFloor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>No wait is longer; 1 h by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetryCeiling { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a claim holds before the delivery counts as abandoned and comes due again; 15 s to 1 h, 60 s by default. Renewed
    /// while a call runs.</summary>
    [Range(typeof(TimeSpan), "00:00:15", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one provider call may take before its answer counts as lost; 1 s to 30 min, 2 min by default. Adapters have
    /// shorter bounds of their own.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a delivery waits when our own credentials or setup were refused, or no provider carries it; doubling where they
    /// were refused for its address alone. 60 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MisconfiguredWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The providers of the channel in the order in which they are asked; empty (default) for the order of their
    /// registration.</summary>
    public IList<string> Route { get; init; } = [];

    /// <summary>Retries that a provider gets that is in trouble or has only just come back, as a share of first calls; 0 to 1, 0.1 by
    /// default. At least one a second, and ten at once.</summary>
    [Range(0, 1)]
    public double RetryBudget { get; set; } = 0.1;

    /// <summary>When a provider counts as broken.</summary>
    [ValidateObjectMembers]
    public BreakerOptions Breaker { get; init; } = new();

    /// <summary>
    /// Records of one lane that are read ahead, so that tenants can take turns; 1 to 100,000, 5,000 by default. Not below what the Router
    /// lets stand in a lane (<c>Router:LaneWindow</c>), or a tenant's record may stand where it cannot be seen; long records fill
    /// <c>Kafka:ReadAheadBytes</c> sooner, with the same effect.
    /// </summary>
    [Range(1, 100_000)]
    public int Window { get; set; } = 5_000;

    /// <summary>Provider calls at a time in each lane; 1 to 2,000.</summary>
    [Range(1, 2_000)]
    public int CriticalConcurrency { get; set; } = 64;

    [Range(1, 2_000)]
    public int StandardConcurrency { get; set; } = 256;

    [Range(1, 2_000)]
    public int BulkConcurrency { get; set; } = 256;

    /// <summary>How long calls may go on when the service stops; then they are cut off and count as calls whose answer was lost. 0 to 25 s,
    /// 15 s by default; below <c>Kafka:StopDrain</c>, so that their outcomes are written.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:25")]
    public TimeSpan StopWait { get; set; } = TimeSpan.FromSeconds(15);

    internal RetrySchedule Schedule => new(RetryBase, RetryFloor, RetryCeiling);

    internal RetrySchedule MisconfiguredSchedule => new(MisconfiguredWait, RetryFloor, RetryCeiling);

    public int ConcurrencyOf(Lane lane) =>
        lane switch
        {
            Lane.Critical => CriticalConcurrency,
            Lane.Standard => StandardConcurrency,
            Lane.Bulk => BulkConcurrency,
            _ => throw new ArgumentOutOfRangeException(nameof(lane), lane, null),
        };
}

[OptionsValidator]
internal sealed partial class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>;

/// <summary>What the times of a worker have to be to each other.</summary>
internal sealed class DeliveryTimesValidator(IOptions<KafkaOptions> kafka) : IValidateOptions<DeliveryOptions>
{
    public ValidateOptionsResult Validate(string? name, DeliveryOptions options)
    {
        List<string> wrong = [];
        if (options.StopWait >= kafka.Value.StopDrain)
            wrong.Add(
                $"Delivery:StopWait ({options.StopWait}) has to be below Kafka:StopDrain ({kafka.Value.StopDrain}): what a stopping worker cuts off needs time in which its outcome is written."
            );
        if (options.RetryFloor > options.RetryCeiling)
            wrong.Add($"Delivery:RetryFloor ({options.RetryFloor}) is above Delivery:RetryCeiling ({options.RetryCeiling}).");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
