using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Notify.Tests.Distributed.Faults;

/// <summary>
/// A producer that gives up nothing: the same request under the same key, at either API process, until it is accepted.
/// Whatever was answered 202 even once is in <see cref="Accepted"/>.
/// </summary>
internal sealed class Load(Func<IReadOnlyList<ApiClient>> nodes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private int _turn;
    private int _refused;
    private int _broken;

    /// <summary>The ids that were answered 202, each with what it carries.</summary>
    public ConcurrentDictionary<Guid, Parcel> Accepted { get; } = new();

    /// <summary>Every answer.</summary>
    public ConcurrentQueue<Answer> Answers { get; } = new();

    /// <summary>Answers other than 202.</summary>
    public int Refused => _refused;

    /// <summary>Requests without an answer.</summary>
    public int Broken => _broken;

    /// <summary>The slowest request that was accepted at its first try.</summary>
    public ConcurrentBag<double> FirstTryMilliseconds { get; } = [];

    /// <summary>Each by itself, so many at a time.</summary>
    public Task PostEachAsync(IEnumerable<Parcel> parcels, int parallel, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            parcels,
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (parcel, token) => await UntilAcceptedAsync([parcel], parcel.Key, token)
        );

    /// <summary>In batches, one after another.</summary>
    public async Task PostBatchesAsync(IEnumerable<Parcel> parcels, int size, CancellationToken cancellationToken)
    {
        foreach (var batch in parcels.Chunk(size))
            await UntilAcceptedAsync(batch, batch[0].Key, cancellationToken);
    }

    /// <summary>A steady stream of small batches until <paramref name="until"/> is cancelled; a standing API does not slow it
    /// down.</summary>
    public async Task StreamAsync(Func<Parcel> next, int perSecond, CancellationToken until, CancellationToken cancellationToken)
    {
        const int TicksPerSecond = 10;
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        var running = new List<Task>();
        while (!until.IsCancellationRequested)
        {
            var batch = Enumerable.Range(0, Math.Max(1, perSecond / TicksPerSecond)).Select(_ => next()).ToArray();
            running.Add(UntilAcceptedAsync(batch, batch[0].Key, cancellationToken));
            await ticks.WaitForNextTickAsync(cancellationToken);
        }
        await Task.WhenAll(running);
    }

    private async Task UntilAcceptedAsync(Parcel[] batch, string key, CancellationToken cancellationToken)
    {
        var (started, tries) = (Stopwatch.GetTimestamp(), 0);
        while (!await TryAsync(batch, key, cancellationToken))
        {
            tries++;
            Assert.True(
                Stopwatch.GetElapsedTime(started) < Patience,
                $"A request was not accepted within {Patience.TotalSeconds:0} s and {tries} tries."
            );
            await Task.Delay(Pause, cancellationToken);
        }
        if (tries == 0)
            FirstTryMilliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task<bool> TryAsync(Parcel[] batch, string key, CancellationToken cancellationToken)
    {
        var all = nodes();
        var node = all[(Interlocked.Increment(ref _turn) & int.MaxValue) % all.Count];
        var asked = Stopwatch.GetTimestamp();
        try
        {
            using var response = batch is [var single]
                ? await node.PostAsync("/v1/notifications", single.Request, cancellationToken, ("Idempotency-Key", key))
                : await node.PostAsync(
                    "/v1/notifications/batch",
                    new { notifications = batch.Select(parcel => parcel.Request) },
                    cancellationToken,
                    ("Idempotency-Key", key)
                );
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            Answers.Enqueue(new Answer(asked, Stopwatch.GetTimestamp(), response.StatusCode, response.Headers.RetryAfter is not null));
            if (response.StatusCode != HttpStatusCode.Accepted)
            {
                Assert.True(
                    response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests,
                    $"{(int)response.StatusCode}: {body}"
                );
                Interlocked.Increment(ref _refused);
                return false;
            }
            return Remember(batch, JsonNode.Parse(body)!);
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            Interlocked.Increment(ref _broken); // the process is gone for a moment, or does not answer
            return false;
        }
    }

    private bool Remember(Parcel[] batch, JsonNode answer)
    {
        if (batch is [var single])
        {
            Accepted[answer["id"]!.GetValue<Guid>()] = single;
            return true;
        }
        var whole = true;
        foreach (var result in answer["results"]!.AsArray())
        {
            if (result!["status"]!.GetValue<int>() == (int)HttpStatusCode.Accepted)
                Accepted[result["id"]!.GetValue<Guid>()] = batch[result["index"]!.GetValue<int>()];
            else
                whole = false;
        }
        if (!whole)
            Interlocked.Increment(ref _refused);
        return whole;
    }
}
