using Notify.Sandbox.Recording;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox.Control;

/// <summary>Exact counts, and the delivery ids that were accepted more than once.</summary>
internal static class StatsApi
{
    private const int MaxListed = 1000;

    public static IEndpointRouteBuilder MapStats(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/stats", (MessageStore store, AcceptCounts ids, StatusCallbacks callbacks, Arrivals arrivals) =>
        {
            var totals = store.Totals();
            return Results.Json(
                new StatsView(
                    totals.Since,
                    totals.LastSeq,
                    totals.Kept,
                    totals.KeptBytes,
                    ByName(totals.Accepted),
                    ByName(totals.Refused),
                    new IdCounts(ids.Enabled, ids.Known(), ids.Repeated(), ids.Uncounted),
                    new CallbackCounts(callbacks.Delivered, callbacks.Failed, callbacks.Skipped),
                    arrivals.Watchers
                ),
                SandboxJson.Readable.StatsView
            );
        });
        routes.MapGet("/sandbox/duplicates", (AcceptCounts ids) =>
            Results.Json(
                new DuplicatesView(
                    ids.Enabled,
                    ids.Repeated(),
                    [.. ids.Repeats(MaxListed).Select(repeat => new DuplicateView(repeat.Key, repeat.Value))]
                ),
                SandboxJson.Readable.DuplicatesView
            )
        );
        return routes;
    }

    private static Dictionary<string, long> ByName(long[] counts) =>
        ProviderNames.All.ToDictionary(ProviderNames.NameOf, provider => counts[(int)provider]);
}
