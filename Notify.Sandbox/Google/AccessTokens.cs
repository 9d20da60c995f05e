using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Notify.Sandbox.Google;

/// <summary>Access tokens that were issued and have not run out.</summary>
internal sealed class AccessTokens
{
    /// <summary>Seconds; what Google answers.</summary>
    public const int Lifetime = 3599;
    private const int SweepAbove = 1000;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _issued = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public AccessTokens(TimeProvider time)
    {
        _time = time;
        _lookup = _issued.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Issue()
    {
        var now = _time.GetUtcNow();
        if (_issued.Count > SweepAbove)
        {
            foreach (var (old, until) in _issued)
            {
                if (until < now || _issued.Count > 10 * SweepAbove)
                    _issued.TryRemove(old, out _);
            }
        }

        var token = "ya29.sandbox-" + RandomNumberGenerator.GetHexString(40, lowercase: true);
        _issued[token] = now.AddSeconds(Lifetime);
        return token;
    }

    public bool IsGood(string? authorization) =>
        authorization is not null
        && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && _lookup.TryGetValue(authorization.AsSpan("Bearer ".Length).Trim(), out var until)
        && until >= _time.GetUtcNow();
}
