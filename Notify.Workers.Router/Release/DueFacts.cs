using Notify.Core.Channels;
using Notify.Core.Routing;
using Notify.Core.Suppressions;
using Npgsql;

namespace Notify.Workers.Router.Release;

/// <summary>What is known of the recipients and addresses of rows that came due.</summary>
internal static class DueFacts
{
    /// <param name="connection">In the transaction that holds the rows.</param>
    /// <param name="taken">The rows.</param>
    /// <param name="preferences">Where preferences that were read before are found.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<DecisionFacts> GatherAsync(
        NpgsqlConnection connection,
        IReadOnlyList<DueDelivery> taken,
        PreferenceCache preferences,
        CancellationToken cancellationToken
    )
    {
        var people = new HashSet<(string Tenant, string Recipient)>();
        var addresses = new HashSet<OwnedAddress>();
        foreach (var row in taken)
        {
            if (row.RecipientId is { } recipient)
                people.Add((row.Tenant, recipient));
            if (row.Address is { } address && ChannelNames.TryParse(row.Channel, out var channel))
                addresses.Add(new(row.Tenant, channel, address));
        }
        var profiles = await ProfileStore.ReadAsync(connection, [.. people], cancellationToken);
        return new(
            profiles.ToDictionary(entry => (entry.Tenant, entry.Profile.RecipientId), entry => entry.Profile),
            await SuppressionRows.FindAsync(connection, new(addresses), cancellationToken),
            preferences
        );
    }
}
