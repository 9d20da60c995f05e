using Notify.Core.Messaging;
using Notify.Workers.Router.Shares;

namespace Notify.Workers.Router;

/// <summary>Puts deliveries on their channels' lanes.</summary>
internal sealed class DeliveryProducer(RecordProducer producer, TenantShares shares)
{
    /// <summary>
    /// What became of each, in their order. One notification may become hundreds of long records, so these are made and produced part by
    /// part; after a part that Kafka did not confirm nothing more is produced.
    /// </summary>
    /// <param name="deliveries">What is to be produced.</param>
    /// <param name="patience">How long Kafka may take for a part before it counts as unconfirmed; null for as long as the client itself
    /// tries. Whoever holds rows meanwhile gives one.</param>
    public async Task<ProduceResult[]> ProduceAsync(IReadOnlyList<Sendable> deliveries, TimeSpan? patience = null)
    {
        var results = new ProduceResult[deliveries.Count];
        Array.Fill(results, ProduceResult.Unconfirmed);
        for (var produced = 0; produced < deliveries.Count; )
        {
            var part = NextPart(deliveries, produced);
            var came = await producer.TryProduceAllAsync(part, patience);
            came.CopyTo(results, produced);
            produced += part.Count;
            if (came.Contains(ProduceResult.Unconfirmed))
                break;
        }
        return results;
    }

    private List<OutgoingRecord> NextPart(IReadOnlyList<Sendable> deliveries, int from)
    {
        var (part, bytes) = (new List<OutgoingRecord>(Math.Min(deliveries.Count - from, RoundLimits.Rows)), 0);
        for (var i = from; i < deliveries.Count && bytes < RoundLimits.Bytes; i++)
        {
            part.Add(deliveries[i].ToRecord(shares.WeightOf(deliveries[i].Tenant)));
            bytes += part[^1].Value.Length;
        }
        return part;
    }
}
