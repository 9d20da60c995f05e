using Notify.Benchmarks.Running;

namespace Notify.Benchmarks.Seeding;

/// <summary>Makes a backlog that nobody has routed yet: the records that the Api would have produced, and no row. Rows of earlier rounds
/// are removed first.</summary>
internal sealed class IntakeSeeder(NotifySystem system, TimeProvider time)
{
    private const int Chunk = 5_000;

    public async Task SeedAsync(SeedPlan plan, CancellationToken cancellationToken)
    {
        using var producer = new SeedProducer(system.Kafka);
        await SeedTables.ClearAsync(system.Rows, cancellationToken);
        for (var start = 0; start < plan.Count; start += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = time.GetUtcNow();
            await producer.ProduceAsync([
                .. Enumerable
                    .Range(start, Math.Min(Chunk, plan.Count - start))
                    .Select(number => new SeededDelivery(plan, number, now).ToAccepted(plan)),
            ]);
        }
        await SeedTables.SettleAsync(system.Rows, cancellationToken);
    }
}
