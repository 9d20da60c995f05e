using Notify.Core.Channels;
using Notify.Core.Recipients;
using Notify.Core.Routing;
using Notify.Core.Suppressions;
using Npgsql;

namespace Notify.Workers.Router.Intake;

/// <summary>Finds out what is known of the people and addresses of a part of a batch, before anything of it is held.</summary>
internal sealed class IntakeGatherer(NpgsqlDataSource database, ProfileStore profiles, PreferenceCache preferences)
{
    public async Task<Gathered> GatherAsync(IReadOnlyList<IncomingNotification> taken, CancellationToken cancellationToken)
    {
        var known = await profiles.FindAsync(RegisteredOf(taken), cancellationToken);
        var candidates = taken.ToDictionary(
            notification => notification,
            notification => Candidates.Of(notification.Tenant, notification.Id, notification.Request, known, notification.Terms.Channels)
        );
        var addresses = AddressesOf(candidates);
        if (addresses.All.Count == 0)
            return new(known, candidates, addresses, new Dictionary<OwnedAddress, List<SuppressionScope>>(), preferences);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new(known, candidates, addresses, await SuppressionRows.FindAsync(connection, addresses, cancellationToken), preferences);
    }

    private static List<(string Tenant, string Recipient)> RegisteredOf(IReadOnlyList<IncomingNotification> notifications) =>
        notifications
            .SelectMany(notification =>
                notification.Request.Recipients!.Where(target => target.Id is not null).Select(target => (notification.Tenant, target.Id!))
            )
            .Distinct()
            .ToList();

    private static AddressSet AddressesOf(Dictionary<IncomingNotification, IReadOnlyCollection<Candidate>> candidates)
    {
        var addresses = new HashSet<OwnedAddress>();
        foreach (var (notification, its) in candidates)
        {
            foreach (var candidate in its)
            {
                if (candidate.Address is { } address)
                    addresses.Add(new(notification.Tenant, candidate.Channel, address));
            }
        }
        return new(addresses);
    }
}

/// <summary>What is known where a part of a batch is decided.</summary>
/// <param name="profiles">The registered recipients, perhaps as they were a minute ago.</param>
/// <param name="candidates">The deliveries that each notification may become.</param>
/// <param name="addresses">The addresses of all of them, each once.</param>
/// <param name="suppressions">What of these is suppressed.</param>
/// <param name="preferences">Where preferences that were read before are found.</param>
internal sealed class Gathered(
    IReadOnlyDictionary<(string Tenant, string Recipient), Profile> profiles,
    IReadOnlyDictionary<IncomingNotification, IReadOnlyCollection<Candidate>> candidates,
    AddressSet addresses,
    IReadOnlyDictionary<OwnedAddress, List<SuppressionScope>> suppressions,
    PreferenceCache preferences
)
{
    public DecisionFacts Facts { get; } = new(profiles, suppressions, preferences);

    public IReadOnlyDictionary<(string Tenant, string Recipient), Profile> Profiles => profiles;

    public AddressSet Addresses => addresses;

    public IReadOnlyCollection<Candidate> CandidatesOf(IncomingNotification notification) => candidates[notification];

    /// <summary>Whether something holds for the address that was not known of.</summary>
    public bool IsNews(OwnedAddress address, IReadOnlyCollection<SuppressionScope> scopes) =>
        scopes.Except(suppressions.TryGetValue(address, out var known) ? known : []).Any();
}
