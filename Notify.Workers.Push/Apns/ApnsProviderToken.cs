using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Notify.Workers.Push.Apns;

/// <summary>
/// The signed token that authorizes us to APNs: one for all sends. Apple refuses tokens older than an hour and senders that make
/// more than one in twenty minutes, so it is made anew at 45 minutes, and sooner only when Apple says it has expired.
/// </summary>
internal sealed class ApnsProviderToken(ApnsOptions options, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan RenewAt = TimeSpan.FromMinutes(45);
    public static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(20);

    private readonly Lock _lock = new();
    private readonly ECDsa _key = ApnsKey.Read(options);
    private volatile Signed? _current;
    private DateTimeOffset _notBefore;

    /// <summary>The token to send with.</summary>
    public string Get()
    {
        if (_current is { } current && time.GetUtcNow() - current.At < RenewAt)
            return current.Value;

        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_current is null || (now - _current.At >= RenewAt && now >= _notBefore))
                Sign(now);
            return _current!.Value;
        }
    }

    /// <summary>Signs again in place of a token that APNs called expired, once for all sends that used it.</summary>
    /// <returns>Whether there is another token now that is worth a try.</returns>
    public bool Renew(string expired)
    {
        lock (_lock)
        {
            if (_current?.Value != expired)
                return true;
            var now = time.GetUtcNow();
            if (now - _current.At < ShortestLife || now < _notBefore)
                return false; // another signature by the same clock would be as expired, and one too many
            Sign(now);
            return true;
        }
    }

    /// <summary>Keeps the present token for twenty minutes: APNs said there were too many.</summary>
    public void Hold()
    {
        lock (_lock)
            _notBefore = time.GetUtcNow() + ShortestLife;
    }

    public void Dispose() => _key.Dispose();

    private void Sign(DateTimeOffset now)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["alg"] = "ES256", ["kid"] = options.KeyId });
        var claims = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object> { ["iss"] = options.TeamId, ["iat"] = now.ToUnixTimeSeconds() }
        );
        var content = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256);
        _current = new Signed($"{content}.{Base64Url.EncodeToString(signature)}", now);
    }

    private sealed record Signed(string Value, DateTimeOffset At);
}
