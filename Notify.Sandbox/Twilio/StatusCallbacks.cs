using System.Threading.Channels;

namespace Notify.Sandbox.Twilio;

/// <summary>Tells senders that their texts were sent and delivered, a moment after they were accepted. Bounded; what does not fit is
/// counted.</summary>
internal sealed class StatusCallbacks(TimeProvider time) : BackgroundService
{
    private const int Capacity = 100_000;
    private const int Workers = 8;

    /// <summary>The answer to the sender should be first, as it is in life.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly string[] Statuses = ["sent", "delivered"];

    private readonly Channel<StatusCallback> _queue = Channel.CreateBounded<StatusCallback>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait }
    );
    private long _delivered;
    private long _failed;
    private long _skipped;

    public long Delivered => Interlocked.Read(ref _delivered);

    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Not on loopback, or no room.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    public void Queue(StatusCallback callback)
    {
        if (!callback.IsLoopback(out _) || !_queue.Writer.TryWrite(callback))
            Interlocked.Increment(ref _skipped);
    }

    public void ClearCounts()
    {
        Interlocked.Exchange(ref _delivered, 0);
        Interlocked.Exchange(ref _failed, 0);
        Interlocked.Exchange(ref _skipped, 0);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
            }
        )
        {
            Timeout = Timeout,
        };
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(client, stoppingToken)));
    }

    private async Task WorkAsync(HttpClient client, CancellationToken cancellationToken)
    {
        await foreach (var callback in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            var wait = callback.At + Delay - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait < Delay ? wait : Delay, time, cancellationToken);
            foreach (var status in Statuses)
                Interlocked.Increment(ref await PostAsync(client, callback, status, cancellationToken) ? ref _delivered : ref _failed);
        }
    }

    private static async Task<bool> PostAsync(
        HttpClient client,
        StatusCallback callback,
        string status,
        CancellationToken cancellationToken
    )
    {
        if (!callback.IsLoopback(out var uri))
            return false;
        var fields = callback.Fields(status);
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", StatusCallback.Sign(callback.Secret, callback.Url, fields));
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception fault)
            when (fault is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false; // counted; the receiver of a callback is what is being developed
        }
    }
}
