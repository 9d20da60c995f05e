using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms;

/// <summary>What a text message belongs to that can be refused by itself: our sender, and the country of the number.</summary>
/// <param name="Sender">The number or name that sends.</param>
/// <param name="Country">By calling code, so that a shared one (+1) is one.</param>
internal sealed record SmsScopes(NamedScope Sender, NamedScope Country)
{
    public IReadOnlyList<NamedScope> All => [Sender, Country];

    public static SmsScopes Of(string? sender, string to) =>
        new(FaultScopes.Of(FaultScope.Sender, sender ?? ""), FaultScopes.Of(FaultScope.Country, CallingCodes.Of(to)));

    /// <summary>The scope of that kind; null where it is none of a text message's.</summary>
    public NamedScope? Named(FaultScope scope) =>
        scope switch
        {
            FaultScope.Sender => Sender,
            FaultScope.Country => Country,
            _ => null,
        };
}
