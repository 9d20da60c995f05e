using Notify.Core.Channels;

namespace Notify.Workers.Email;

/// <summary>What a mail belongs to that can be refused by itself: our sender's domain, and the recipient's.</summary>
/// <param name="Sender">As <see cref="FaultScopes.Of"/> names it; the domain alone, no address.</param>
/// <param name="Domain">Likewise.</param>
internal sealed record MailScopes(string Sender, string Domain)
{
    public IReadOnlyList<string> All => [Sender, Domain];

    public static MailScopes Of(string from, string to) =>
        new(FaultScopes.Of(FaultScope.Sender, DomainOf(from)), FaultScopes.Of(FaultScope.Domain, DomainOf(to)));

    /// <summary>The name of the scope of that kind; null where it is none of a mail's.</summary>
    public string? Named(FaultScope scope) => scope switch
    {
        FaultScope.Sender => Sender,
        FaultScope.Domain => Domain,
        _ => null,
    };

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];
}
