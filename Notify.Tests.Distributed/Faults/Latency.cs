using Notify.Core.Notifications;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>From accept (the time in the id) to the provider's answer, as the rows tell it. Measured and printed, never asserted.</summary>
internal sealed record Latency(double P50, double P99)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static Latency Of(IEnumerable<DeliveryRow> rows)
    {
        double[] all =
        [
            .. rows.Where(row => row.SentAt is not null)
                .Select(row => (row.SentAt!.Value - UuidV7.TimeOf(row.Notification)).TotalMilliseconds)
                .Order(),
        ];
        return all.Length == 0
            ? new Latency(double.NaN, double.NaN)
            : new Latency(all[all.Length / 2], all[Math.Min(all.Length - 1, (int)(all.Length * 0.99))]);
    }

    public static async Task<Latency> OfAsync(FaultRun run, IReadOnlyCollection<Parcel> parcels, CancellationToken cancellationToken)
    {
        var addresses = parcels.Select(parcel => parcel.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var rows = await Until.GetAsync(
            async () =>
            {
                var mine = (await run.Accounting.RowsAsync(cancellationToken))
                    .Where(row => row.Address is not null && addresses.Contains(row.Address))
                    .ToList();
                return mine.Count >= addresses.Count && mine.All(row => row.IsFinal) ? mine : null;
            },
            _ => $"{addresses.Count} are final",
            cancellationToken,
            s_patience
        );
        return Of(rows);
    }
}

internal static class LatencyExtensions
{
    private const int Parallel = 4;

    /// <summary>Posts them one by one, a few at a time, and says how long they took to their provider.</summary>
    public static async Task<Latency> LatencyAsync(
        this FaultRun run,
        IReadOnlyCollection<Parcel> parcels,
        CancellationToken cancellationToken
    )
    {
        await run.Load.PostEachAsync(parcels, Parallel, cancellationToken);
        return await Latency.OfAsync(run, parcels, cancellationToken);
    }
}
