using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Load;

/// <summary>A notification that was accepted.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Address">Its one recipient's only address.</param>
/// <param name="PostedAt">When the request was begun, by our clock.</param>
internal sealed record PostedNotification(Guid Id, string Address, DateTimeOffset PostedAt)
{
    /// <summary>By the server's clock, to the millisecond.</summary>
    public DateTimeOffset AcceptedAt => UuidV7.TimeOf(Id);
}

/// <summary>Posts single notifications, and asks what became of them.</summary>
internal sealed class NotifyClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public NotifyClient(Uri api, string key, TimeProvider time)
    {
        _http = new HttpClient { BaseAddress = api };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _time = time;
    }

    public async Task<PostedNotification> PostAsync(Lane lane, Channel channel, string address, CancellationToken cancellationToken)
    {
        object recipient = channel switch
        {
            Channel.Email => new { email = address },
            Channel.Sms => new { phone = address },
            Channel.Push => new { push = new { token = address, platform = "fcm" } },
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };
        var priority = lane switch
        {
            Lane.Critical => Priorities.Critical,
            Lane.Bulk => Priorities.Low,
            _ => Priorities.Normal,
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                recipients = new[] { recipient },
                priority,
                message = new { title = "Your parcel is here", body = "Pick it up until 18:00." },
            }
        );
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var postedAt = _time.GetUtcNow();
        using var answer = await _http.PostAsync("/v1/notifications", content, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Accepted)
            throw new InvalidOperationException(
                $"POST /v1/notifications was answered with {answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}"
            );
        var accepted = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new(accepted.GetProperty("id").GetGuid(), address, postedAt);
    }

    /// <summary>When the provider was called for each, by address; those that are not sent within half a minute are left out.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> SentAsync(
        IEnumerable<PostedNotification> posted,
        CancellationToken cancellationToken
    )
    {
        var sent = new Dictionary<string, DateTimeOffset>();
        var until = _time.GetUtcNow() + Patience;
        foreach (var one in posted)
        {
            while (!sent.ContainsKey(one.Address) && _time.GetUtcNow() < until)
            {
                if (await SentAtAsync(one.Id, cancellationToken) is { } at)
                    sent[one.Address] = at;
                else
                    await Task.Delay(Poll, _time, cancellationToken);
            }
        }
        return sent;
    }

    public void Dispose() => _http.Dispose();

    private async Task<DateTimeOffset?> SentAtAsync(Guid id, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync($"/v1/notifications/{id}", cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null; // not routed yet
        answer.EnsureSuccessStatusCode();
        var view = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        foreach (var delivery in view.GetProperty("deliveries").EnumerateArray())
        {
            if (delivery.TryGetProperty("sentAt", out var at) && at.ValueKind == JsonValueKind.String)
                return at.GetDateTimeOffset();
        }
        return null;
    }
}
