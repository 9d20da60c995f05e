using Notify.Core.Channels;

namespace Notify.Workers.Sms;

/// <summary>What a text message belongs to that can be refused by itself: our sender, and the country of the number.</summary>
/// <param name="Sender">As <see cref="FaultScopes.Of"/> names it.</param>
/// <param name="Country">Likewise; by calling code, so that a shared one (+1) is one.</param>
internal sealed record SmsScopes(string Sender, string Country)
{
    public IReadOnlyList<string> All => [Sender, Country];

    public static SmsScopes Of(string? sender, string to) =>
        new(FaultScopes.Of(FaultScope.Sender, sender ?? ""), FaultScopes.Of(FaultScope.Country, CallingCodes.Of(to)));

    /// <summary>The name of the scope of that kind; null where it is none of a text message's.</summary>
    public string? Named(FaultScope scope) => scope switch
    {
        FaultScope.Sender => Sender,
        FaultScope.Country => Country,
        _ => null,
    };
}
