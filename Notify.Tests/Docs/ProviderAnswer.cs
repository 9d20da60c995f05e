using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Tests.Docs;

/// <summary>A row of the page's table: what a provider says, and what comes of it.</summary>
internal sealed record ProviderAnswer(
    string Says,
    OutcomeKind Kind,
    FaultScope Scope,
    TimeSpan? Wait,
    bool Grows,
    string Detail,
    TokenDoubt Doubt = TokenDoubt.None,
    string? Source = null
)
{
    /// <summary>What becomes of the delivery.</summary>
    public string Then =>
        Kind switch
        {
            OutcomeKind.Permanent => Scope == FaultScope.Message ? "`failed`" : "`failed`, dead letter",
            OutcomeKind.DeadAddress => Doubt switch
            {
                TokenDoubt.Setting => "`failed`, device disabled; many at once: kept",
                TokenDoubt.Project => "`failed`, device disabled; most at once: kept",
                _ => "`failed`, address gone",
            },
            OutcomeKind.OptedOut => "`suppressed`",
            OutcomeKind.Throttled => $"waits {Length(Wait ?? TimeSpan.FromMinutes(1))}{(Grows ? ", doubling" : "")}",
            OutcomeKind.Misconfigured => Scope == FaultScope.Address ? "waits 1 min, doubling" : "waits until mended, asked once a minute",
            OutcomeKind.Transient => "tried again",
            OutcomeKind.Ambiguous => "tried again; `unknown` where sent at most once",
            _ => throw new InvalidOperationException($"{Kind} has no words."),
        };

    /// <summary>What waits, or is concerned.</summary>
    public string Concerns =>
        Kind is OutcomeKind.Misconfigured or OutcomeKind.Throttled
            ? Scope switch
            {
                FaultScope.Account => "the credential",
                FaultScope.Address => "this address",
                FaultScope.Domain => "the recipient's domain",
                FaultScope.Country => "the country",
                FaultScope.Platform => "the platform (iOS)",
                FaultScope.App => "the app",
                FaultScope.Environment => "the environment",
                FaultScope.Sender => "the sender",
                _ => throw new InvalidOperationException($"{Scope} has no words."),
            }
        : Scope == FaultScope.Message ? "the message"
        : "";

    private static string Length(TimeSpan wait) =>
        wait switch
        {
            { TotalHours: >= 1 } => $"{wait.TotalHours:0} h",
            { TotalMinutes: >= 1 } => $"{wait.TotalMinutes:0} min",
            _ => $"{wait.TotalSeconds:0} s",
        };
}
