using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>A part of what a provider carries that it refuses for now, while the rest goes on.</summary>
/// <param name="name">As <see cref="FaultScopes.Of"/> names it.</param>
internal sealed class RestingScope(string name)
{
    public string Name => name;

    /// <summary>Misconfigured or throttled.</summary>
    public OutcomeKind Kind { get; private set; }

    public string? Code { get; private set; }

    public DateTimeOffset Since { get; private set; }

    /// <summary>When one of its messages may try again.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>Whether one of its messages is trying now.</summary>
    public bool IsTried { get; set; }

    public string Cause => $"{Kind.ToName()} {Code}".TrimEnd();

    public void Rest(Outcome outcome, DateTimeOffset now, TimeSpan wait)
    {
        if (Since == default)
            Since = now;
        (Kind, Code) = (outcome.Kind, outcome.Code);
        var until = now + wait;
        Until = until > Until ? until : Until;
    }
}
