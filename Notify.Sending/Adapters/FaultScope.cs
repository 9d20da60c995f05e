using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>What a provider's refusal concerns: nothing outside it waits for it.</summary>
public enum FaultScope
{
    /// <summary>The credential as a whole, and so everything that is sent with it.</summary>
    Account,

    /// <summary>Our sender address or number.</summary>
    Sender,

    /// <summary>What we send to the recipient's mail domain.</summary>
    Domain,

    /// <summary>What we send to the country of the number.</summary>
    Country,

    /// <summary>One platform behind the provider, such as the iOS devices of a Firebase project.</summary>
    Platform,

    /// <summary>One app (an APNs topic).</summary>
    App,

    /// <summary>One environment (production or sandbox).</summary>
    Environment,

    /// <summary>This one address, or its host.</summary>
    Address,

    /// <summary>This message: nothing outside it mends it.</summary>
    Message,
}

/// <summary>One scope that can rest by itself, such as one country.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Name">As it is stored and shown: <c>country:+49</c>.</param>
public readonly record struct NamedScope(FaultScope Kind, string Name)
{
    public override string ToString() => Name;
}

/// <summary>The names of scopes, as they are stored and shown: <c>country:+49</c>. They never hold a recipient's address.</summary>
public static class FaultScopes
{
    /// <summary>A longer value is cut.</summary>
    private const int Longest = 255;

    public static string ToName(this FaultScope scope) =>
        scope switch
        {
            FaultScope.Account => "account",
            FaultScope.Sender => "sender",
            FaultScope.Domain => "domain",
            FaultScope.Country => "country",
            FaultScope.Platform => "platform",
            FaultScope.App => "app",
            FaultScope.Environment => "environment",
            FaultScope.Address => "address",
            FaultScope.Message => "message",
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
        };

    /// <summary>One scope that can rest by itself, with its name.</summary>
    /// <param name="scope">Which kind.</param>
    /// <param name="value">Which one of the kind, such as a domain; case does not matter.</param>
    public static NamedScope Of(FaultScope scope, string value) =>
        new(
            scope,
            $"{scope.ToName()}:{string.Create(Math.Min(value.Length, Longest), value, static (name, from) =>
        {
            for (var i = 0; i < name.Length; i++)
                name[i] = IsShown(from[i]) ? char.ToLowerInvariant(from[i]) : '?';
        })}"
        );

    private static bool IsShown(char character) =>
        !char.IsControl(character) && !char.IsWhiteSpace(character) && !char.IsSurrogate(character);
}
