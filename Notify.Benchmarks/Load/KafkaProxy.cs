using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Notify.Benchmarks.Load;

/// <summary>
/// Stands between a service and the broker, whichever that is, and counts the requests that carry records. Answers name the brokers to
/// connect to; the proxy puts a port of its own in the place of each, so that all connections lead through it.
/// </summary>
internal sealed class KafkaProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(string Host, int Port), TcpListener> _listeners = new();
    private readonly ConcurrentBag<Task> _running = [];
    private long _produced;

    /// <param name="bootstrap">The broker, or several of them, as <c>host:port</c>, separated by commas.</param>
    public KafkaProxy(string bootstrap)
    {
        var first = bootstrap.Split(',')[0].Split(':');
        Bootstrap = string.Create(
            CultureInfo.InvariantCulture,
            $"127.0.0.1:{PortFor(first[0], int.Parse(first[1], CultureInfo.InvariantCulture))}"
        );
    }

    /// <summary>What a client is to connect to.</summary>
    public string Bootstrap { get; }

    /// <summary>Produce requests so far, each of which may carry many records.</summary>
    public long ProduceRequests => Interlocked.Read(ref _produced);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var listener in _listeners.Values)
            listener.Dispose();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private int PortFor(string host, int port) =>
        ((IPEndPoint)_listeners.GetOrAdd((host, port), broker => Listen(broker.Host, broker.Port)).LocalEndpoint).Port;

    private TcpListener Listen(string host, int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _running.Add(AcceptAsync(listener, host, port));
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener, string host, int port)
    {
        try
        {
            while (true)
                _running.Add(ServeAsync(await listener.AcceptTcpClientAsync(_stop.Token), host, port));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return; // the run is over
        }
    }

    private async Task ServeAsync(TcpClient client, string host, int port)
    {
        using var _ = client;
        try
        {
            using var broker = new TcpClient { NoDelay = true };
            client.NoDelay = true;
            await broker.ConnectAsync(host, port, _stop.Token);
            var asked = new ConcurrentQueue<(short Key, short Version)>(); // a connection's answers come in the order of its requests
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            Task[] both =
            [
                PumpAsync(client, broker, frame => Requested(frame.Span, asked), either.Token),
                PumpAsync(broker, client, frame => Answered(frame.Span, asked), either.Token),
            ];
            await Task.WhenAny(both);
            await either.CancelAsync();
            await Task.WhenAll(both);
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException)
        {
            return; // one side hung up, or the run is over
        }
    }

    private void Requested(ReadOnlySpan<byte> frame, ConcurrentQueue<(short Key, short Version)> asked)
    {
        var (key, version) = (BinaryPrimitives.ReadInt16BigEndian(frame), BinaryPrimitives.ReadInt16BigEndian(frame[2..]));
        if (key == KafkaFrames.Produce)
            Interlocked.Increment(ref _produced);
        asked.Enqueue((key, version));
    }

    private void Answered(Span<byte> frame, ConcurrentQueue<(short Key, short Version)> asked)
    {
        if (asked.TryDequeue(out var request) && request.Key == KafkaFrames.Metadata)
            KafkaFrames.ReplacePorts(frame, request.Version, PortFor);
    }

    /// <summary>Frame after frame: four bytes that say how many follow.</summary>
    private static async Task PumpAsync(TcpClient from, TcpClient to, Action<Memory<byte>> look, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var (source, target) = (from.GetStream(), to.GetStream());
        while (true)
        {
            await source.ReadExactlyAsync(buffer.AsMemory(0, 4), cancellationToken);
            var length = 4 + BinaryPrimitives.ReadInt32BigEndian(buffer);
            if (buffer.Length < length)
                Array.Resize(ref buffer, length);
            await source.ReadExactlyAsync(buffer.AsMemory(4, length - 4), cancellationToken);
            look(buffer.AsMemory(4, length - 4));
            await target.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        }
    }
}
