using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Notify.Tests.Distributed.Faults;

/// <summary>
/// Stands between the clients and a Kafka broker. While armed, it lets some produce requests through and hangs up in place of the answer,
/// or before it is known whether there is one: the records may or may not have been appended, and the client cannot know.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private const short Produce = 0;
    private const int LengthBytes = 4;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly int _broker;
    private readonly Task _accepting;
    private double _share;
    private int _afterAppend;
    private int _unknown;

    public CuttingProxy(int broker, Random random)
    {
        (_broker, _random) = (broker, random);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts after the broker had answered: its records are appended, and the client does not know.</summary>
    public int CutAfterAppend => _afterAppend;

    /// <summary>Cuts right behind the request.</summary>
    public int CutBehindRequest => _unknown;

    /// <param name="share">Of the produce requests, 0 to 1.</param>
    public void Arm(double share) => Volatile.Write(ref _share, share);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        using var broker = new TcpClient { NoDelay = true };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        client.NoDelay = true;
        try
        {
            await broker.ConnectAsync(IPAddress.Loopback, _broker, ended.Token);
            var doomed = new ConcurrentDictionary<int, bool>();
            var (up, down) = (client.GetStream(), broker.GetStream());
            await Task.WhenAny(RequestsAsync(up, down, doomed, ended.Token), AnswersAsync(down, up, doomed, ended.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
            return;
        }
        finally
        {
            await ended.CancelAsync(); // both directions end together
        }
    }

    private async Task RequestsAsync(
        NetworkStream client,
        NetworkStream broker,
        ConcurrentDictionary<int, bool> doomed,
        CancellationToken cancellationToken
    )
    {
        while (await ReadFrameAsync(client, cancellationToken) is { } frame)
        {
            // length, api key, api version, correlation id
            var cut = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(LengthBytes)) == Produce ? Drawn() : Cut.No;
            if (cut == Cut.AfterAnswer)
                doomed[BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(LengthBytes + 4))] = true;
            await broker.WriteAsync(frame, cancellationToken);
            if (cut != Cut.BehindRequest)
                continue;
            Interlocked.Increment(ref _unknown);
            return;
        }
    }

    private async Task AnswersAsync(
        NetworkStream broker,
        NetworkStream client,
        ConcurrentDictionary<int, bool> doomed,
        CancellationToken cancellationToken
    )
    {
        while (await ReadFrameAsync(broker, cancellationToken) is { } frame)
        {
            if (doomed.ContainsKey(BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(LengthBytes))))
            {
                Interlocked.Increment(ref _afterAppend);
                return;
            }
            await client.WriteAsync(frame, cancellationToken);
        }
    }

    private static async Task<byte[]?> ReadFrameAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        try
        {
            var length = new byte[LengthBytes];
            await stream.ReadExactlyAsync(length, cancellationToken);
            var frame = new byte[LengthBytes + BinaryPrimitives.ReadInt32BigEndian(length)];
            length.CopyTo(frame, 0);
            await stream.ReadExactlyAsync(frame.AsMemory(LengthBytes), cancellationToken);
            return frame;
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private Cut Drawn()
    {
        lock (_gate)
            return _random.NextDouble() >= Volatile.Read(ref _share) ? Cut.No
                : _random.Next(2) == 0 ? Cut.AfterAnswer
                : Cut.BehindRequest;
    }

    private enum Cut
    {
        No,
        AfterAnswer,
        BehindRequest,
    }
}
