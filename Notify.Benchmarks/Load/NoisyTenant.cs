using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Npgsql;

namespace Notify.Benchmarks.Load;

/// <summary>A tenant that posts many times what another one does, in batches, with a key of its own.</summary>
internal sealed class NoisyTenant : IDisposable
{
    public const int BatchSize = 100;
    private const string Key = "ntf_benchmark";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan KeyPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KeyLimit = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;

    private NoisyTenant(HttpClient http) => _http = http;

    /// <summary>Ends when the Api knows its key.</summary>
    public static async Task<NoisyTenant> CreateAsync(NpgsqlDataSource rows, Uri api, CancellationToken cancellationToken)
    {
        await SeedTables.ClearAsync(rows, cancellationToken);
        await using var insert = rows.CreateCommand(
            "INSERT INTO api_keys (tenant_id, key_id, hash, scopes, created_at) VALUES ($1, 'benchmark', $2, ARRAY['send', 'read'], now()) ON CONFLICT DO NOTHING"
        );
        insert.Parameters.Add(new() { Value = SeedPlan.Tenant });
        insert.Parameters.Add(new() { Value = SHA256.HashData(Encoding.UTF8.GetBytes(Key)) });
        await insert.ExecuteNonQueryAsync(cancellationToken);
        var http = new HttpClient { BaseAddress = api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        await Running.Waiting.UntilAsync(IsKnownAsync, KeyPoll, KeyLimit, "the noisy tenant's key to be known", cancellationToken);
        return new(http);

        async ValueTask<bool> IsKnownAsync()
        {
            using var answer = await http.GetAsync("/v1/notifications?limit=1", cancellationToken);
            return answer.StatusCode != HttpStatusCode.Unauthorized;
        }
    }

    /// <summary>Posts so many mails, and none before <paramref name="allowed"/> says so.</summary>
    public async Task PostAsync(int count, Func<int> allowed, CancellationToken cancellationToken)
    {
        for (var posted = 0; posted < count; )
        {
            if (posted >= allowed())
            {
                await Task.Delay(Poll, cancellationToken);
                continue;
            }
            var size = Math.Min(BatchSize, count - posted);
            await PostBatchAsync(Enumerable.Range(posted, size), cancellationToken);
            posted += size;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task PostBatchAsync(IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                notifications = numbers.Select(number => new
                {
                    recipients = new[] { new { email = NumberedAddress.Of(Channel.Email, number) } },
                    message = new { title = SeedPlan.Title, body = SeedPlan.Body },
                }),
            }
        );
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await _http.PostAsync("/v1/notifications/batch", content, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Accepted)
            throw new InvalidOperationException($"A batch of the noisy tenant was answered with {answer.StatusCode}.");
    }
}
