using System.Net.Http.Json;
using System.Text.Json;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Load;

/// <summary>What the sandbox saw arrive, and when.</summary>
internal sealed class SandboxRecord(Uri sandbox) : IDisposable
{
    private const int Page = 1000;
    private const int Tries = 100;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);
    private readonly HttpClient _http = new() { BaseAddress = sandbox };

    /// <summary>The last message so far.</summary>
    public async Task<long> MarkAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<JsonElement>("/sandbox/stats", cancellationToken)).GetProperty("lastSeq").GetInt64();

    /// <summary>When each first arrived, by address; those that do not come within half a minute are left out.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> ArrivedAsync(
        IReadOnlyCollection<PostedNotification> posted,
        Channel channel,
        long mark,
        CancellationToken cancellationToken
    )
    {
        var wanted = posted.Select(one => one.Address).ToHashSet(StringComparer.Ordinal);
        for (var attempt = 1; ; attempt++)
        {
            var arrived = await ReadAsync(channel, mark, wanted, cancellationToken);
            if (arrived.Count == wanted.Count || attempt == Tries)
                return arrived;
            await Task.Delay(Poll, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Dictionary<string, DateTimeOffset>> ReadAsync(
        Channel channel,
        long mark,
        HashSet<string> wanted,
        CancellationToken cancellationToken
    )
    {
        var arrived = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        for (long? before = null; ; )
        {
            var page = (
                await _http.GetFromJsonAsync<JsonElement>(
                    $"/sandbox/messages?channel={channel.ToName()}&after={mark}&before={before}&limit={Page}",
                    cancellationToken
                )
            )
                .EnumerateArray()
                .ToList();
            foreach (var message in page)
            {
                if (message.GetProperty("to").GetString() is { } to && wanted.Contains(to))
                    arrived[to] = message.GetProperty("at").GetDateTimeOffset(); // newest first: the first arrival stays
            }
            if (page.Count == 0)
                return arrived;
            before = page[^1].GetProperty("seq").GetInt64();
        }
    }
}
