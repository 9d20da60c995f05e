using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using StackExchange.Redis;

namespace Notify.Sending.Limits;

/// <summary>The rate limiters of this process: one for each provider credential and limit, made when it is first asked for.</summary>
public sealed class RateLimiters : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Provider, string Credential, RateLimit? Limit), Lazy<RateLimiter>> _limiters = new();
    private readonly BucketServer _server;
    private readonly LimitOptions _options;
    private readonly LimitMetrics _metrics;
    private readonly TimeProvider _time;

    public RateLimiters(
        IConnectionMultiplexer redis,
        IOptions<LimitOptions> options,
        LimitMetrics metrics,
        TimeProvider time,
        ILogger<RateLimiters> logger
    )
    {
        _server = new(redis, logger);
        _options = options.Value;
        _metrics = metrics;
        _time = time;
    }

    /// <param name="provider">The provider's name, such as <c>fcm</c>.</param>
    /// <param name="credential">Which of its accounts, in a form that is no secret; only a hash of it reaches Redis.</param>
    /// <param name="limit">What it allows over all processes; null for no limit, where only a pause holds messages back.</param>
    public RateLimiter For(string provider, string credential, RateLimit? limit)
    {
        if (limit is not null && !(limit.PerSecond > 0 && double.IsFinite(limit.PerSecond) && limit.Burst >= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(limit),
                limit,
                $"The rate limit of {provider} needs more than 0 messages a second (fractions are fine) and a burst of at least 1."
            );
        }
        return _limiters
            .GetOrAdd((provider, credential, limit), asked => new(() => New(asked.Provider, asked.Credential, asked.Limit)))
            .Value;
    }

    /// <summary>Gives the unused permits of all limiters back, best effort.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_limiters.Values.Select(limiter => limiter.Value.DisposeAsync().AsTask()));

    private RateLimiter New(string provider, string credential, RateLimit? limit)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{provider}\n{credential}"));
        return new(
            provider,
            $"notify:limit:{provider}:{Convert.ToHexStringLower(hash.AsSpan(0, 8))}",
            limit,
            _options,
            _server,
            _metrics,
            _time
        );
    }
}
