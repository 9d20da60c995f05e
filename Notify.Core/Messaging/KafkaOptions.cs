using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Notify.Core.Messaging;

/// <summary>How topics are made and read.</summary>
public sealed class KafkaOptions
{
    public const string SectionName = "Kafka";

    /// <summary>The connection's name: <c>ConnectionStrings:kafka</c> is the bootstrap list.</summary>
    public const string ConnectionName = "kafka";

    /// <summary>Partitions of a topic that is made; 1 to 1,000, 12 by default. Existing topics keep theirs.</summary>
    [Range(1, 1_000)]
    public int Partitions { get; set; } = 12;

    /// <summary>Replicas of a topic that is made; -1 (default) takes the broker's own default.</summary>
    [Range(-1, 32)]
    public short ReplicationFactor { get; set; } = -1;

    /// <summary>min.insync.replicas of a topic that is made; 0 (default) takes the broker's own default. Production: 2 with three
    /// replicas.</summary>
    [Range(0, 32)]
    public int MinInSyncReplicas { get; set; }

    /// <summary>How long a fetch may wait for a record at the broker; a real broker answers at once when one comes. 10 ms to 10 s, 100 ms
    /// by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan FetchWait { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Bytes of records that one lane of a service may hold at a time, beside the number of them (<c>Delivery:Window</c>,
    /// <c>Router:MaxInFlight</c>); 1 MB to 4 GB, 64 MB by default. Read, a record takes about three times its bytes. What the
    /// client itself fetches ahead (<c>queued.max.messages.kbytes</c>) comes on top.
    /// </summary>
    [Range(1L << 20, 4L << 30)]
    public long ReadAheadBytes { get; set; } = 64 << 20;

    /// <summary>How long a revoked partition may finish what is in flight before it is handed over. 0 to 60 s, 5 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RevokeDrain { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stopping service may finish what is in flight; below the host's own grace (30 s). 0 to 30 s, 20 s by
    /// default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan StopDrain { get; set; } = TimeSpan.FromSeconds(20);
}

[OptionsValidator]
internal sealed partial class KafkaOptionsValidator : IValidateOptions<KafkaOptions>;
