using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Email;

/// <summary>What a mail belongs to that can be refused by itself: our sender's domain, and the recipient's.</summary>
/// <param name="Sender">The domain alone, no address.</param>
/// <param name="Domain">Likewise.</param>
internal sealed record MailScopes(NamedScope Sender, NamedScope Domain)
{
    public IReadOnlyList<NamedScope> All => [Sender, Domain];

    public static MailScopes Of(string from, string to) =>
        new(FaultScopes.Of(FaultScope.Sender, DomainOf(from)), FaultScopes.Of(FaultScope.Domain, DomainOf(to)));

    /// <summary>The scope of that kind; null where it is none of a mail's.</summary>
    public NamedScope? Named(FaultScope scope) =>
        scope switch
        {
            FaultScope.Sender => Sender,
            FaultScope.Domain => Domain,
            _ => null,
        };

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];
}
