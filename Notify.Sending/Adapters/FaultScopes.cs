using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

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
