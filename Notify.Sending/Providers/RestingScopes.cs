using System.Diagnostics.CodeAnalysis;
using Notify.Core.Channels;
using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>
/// The scopes of one provider that are known to fail: beside its health, which is about the credential. Their messages wait, one at a time
/// tries again when the rest is over, and what belongs to none of them neither waits nor knows.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="retry">How long a message of a scope waits while another one tries.</param>
internal sealed class RestingScopes(TimeProvider time, TimeSpan retry)
{
    /// <summary>More at a time than that are not remembered: a provider that refuses so many is asked by each.</summary>
    private const int Most = 10_000;

    /// <summary>
    /// So many domains in a row that refuse us, and none that takes a mail between them, are no longer about the domains.
    /// </summary>
    internal const int Widens = 10;

    /// <summary>A scope that nobody has tried for so long after its rest is forgotten: no message of it came.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<NamedScope, RestingScope> _scopes = [];
    private volatile bool _any;
    private int _domainsInARow;

    /// <summary>Whether there are any: the question that is asked before each call.</summary>
    public bool Any => _any;

    /// <summary>Each, the longest known first.</summary>
    public IReadOnlyList<RestingScope> All
    {
        get
        {
            if (!_any)
                return [];
            lock (_lock)
            {
                foreach (var (name, scope) in _scopes)
                {
                    if (!scope.IsTried && time.GetUtcNow() - scope.Until > Remembered)
                        _scopes.Remove(name);
                }
                _any = _scopes.Count > 0;
                return [.. _scopes.Values.OrderBy(scope => scope.Since)];
            }
        }
    }

    /// <summary>Whether a message of these scopes may be sent, or has to wait.</summary>
    /// <param name="of">The message's scopes.</param>
    /// <param name="mayTry">Whether the credential itself is well: otherwise no scope that is known to fail is what tries it.</param>
    /// <param name="tried">The scopes that this message tries; null for none.</param>
    /// <param name="obstacle">What it has to wait for.</param>
    public bool TryEnter(IReadOnlyList<NamedScope> of, bool mayTry, out RestingScope[]? tried, [NotNullWhen(false)] out Obstacle? obstacle)
    {
        (tried, obstacle) = (null, null);
        lock (_lock)
        {
            var now = time.GetUtcNow();
            List<RestingScope>? over = null;
            foreach (var name in of)
            {
                if (!_scopes.TryGetValue(name, out var scope))
                    continue;
                if (now < scope.Until || scope.IsTried || !mayTry)
                {
                    obstacle = new(ObstacleKind.ScopeRests, now < scope.Until ? scope.Until : now + retry) { Scope = scope };
                    return false;
                }
                (over ??= []).Add(scope);
            }
            over?.ForEach(scope => scope.IsTried = true);
            tried = over?.ToArray();
            return true;
        }
    }

    /// <summary>Whether a message of these scopes would have to wait.</summary>
    public bool Rests(IReadOnlyList<NamedScope> of)
    {
        lock (_lock)
            return of.Any(name => _scopes.TryGetValue(name, out var scope) && (scope.IsTried || time.GetUtcNow() < scope.Until));
    }

    /// <summary>The outcome as it counts: of the whole credential where too many domains say the same.</summary>
    public Outcome Widened(Outcome outcome)
    {
        if (outcome is not { Kind: OutcomeKind.Misconfigured, Scope.Kind: FaultScope.Domain })
            return outcome;
        lock (_lock)
            return _domainsInARow >= Widens ? outcome with { Scope = null } : outcome;
    }

    /// <summary>Lets the outcome's scope rest.</summary>
    public void Rest(Outcome outcome, TimeSpan wait)
    {
        var of = outcome.Scope!.Value;
        lock (_lock)
        {
            if (!_scopes.TryGetValue(of, out var scope))
            {
                if (_scopes.Count >= Most)
                    return;
                _scopes.Add(of, scope = new(of.Name));
                if (outcome.Kind == OutcomeKind.Misconfigured && of.Kind == FaultScope.Domain)
                    _domainsInARow++;
            }
            scope.Rest(outcome, time.GetUtcNow(), wait);
            _any = true;
        }
    }

    /// <summary>The provider took a message of these scopes: none of them fails.</summary>
    public void Clear(IReadOnlyList<NamedScope> of)
    {
        lock (_lock)
        {
            foreach (var name in of)
                _scopes.Remove(name);
            _domainsInARow = 0;
            _any = _scopes.Count > 0;
        }
    }

    /// <summary>The message that tried them came to an end, whatever that was.</summary>
    public void End(RestingScope[]? tried)
    {
        if (tried is null)
            return;
        lock (_lock)
        {
            foreach (var scope in tried)
                scope.IsTried = false;
        }
    }
}

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
