using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Notify.Tests.Workers.Push;

/// <summary>
/// HTTP/2 by the frame, for what a decent server never does: each request, once it has arrived whole, meets the next of the given
/// reactions (the last one for ever).
/// </summary>
internal sealed class RawHttp2Server : IAsyncDisposable
{
    private const byte Data = 0,
        Headers = 1,
        ResetStream = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7;
    private const byte EndStream = 1,
        Acknowledge = 1,
        EndHeaders = 4;

    private static readonly byte[] StatusOk = [0x88]; // HPACK's static entry for ":status: 200"

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Reaction[] _reactions;
    private readonly Task _accepting;
    private int _accepted;
    private int _requests;

    public RawHttp2Server(params Reaction[] reactions)
    {
        _reactions = reactions;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Whole requests that arrived.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public int Connections => Volatile.Read(ref _accepted);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var stream = client.GetStream();
        try
        {
            await stream.ReadExactlyAsync(new byte[24], _stop.Token); // the preface
            await WriteAsync(stream, Settings, 0, 0, []);
            var header = new byte[9];
            while (true)
            {
                await stream.ReadExactlyAsync(header, _stop.Token);
                var payload = new byte[header[0] << 16 | header[1] << 8 | header[2]];
                await stream.ReadExactlyAsync(payload, _stop.Token);
                var id = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue;
                var (type, flags) = (header[3], header[4]);
                if (type is Settings or Ping && (flags & Acknowledge) == 0)
                    await WriteAsync(stream, type, Acknowledge, 0, type == Ping ? payload : []);
                else if (type is Data or Headers && (flags & EndStream) != 0 && !await ReactAsync(client, stream, id))
                    return;
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // the client has gone, or the test is over
        }
    }

    private async Task<bool> ReactAsync(TcpClient client, NetworkStream stream, int id)
    {
        var reaction = _reactions[Math.Min(Interlocked.Increment(ref _requests), _reactions.Length) - 1];
        switch (reaction)
        {
            case Reaction.Refuse:
                await WriteAsync(stream, ResetStream, 0, id, [0, 0, 0, 7]);
                return true;
            case Reaction.Reset:
                await WriteAsync(stream, ResetStream, 0, id, [0, 0, 0, 2]);
                return true;
            case Reaction.GoAwayBefore:
                await WriteAsync(stream, GoAway, 0, 0, new byte[8]);
                return true;
            case Reaction.GoAwayAfter:
                await WriteAsync(stream, GoAway, 0, 0, [0, 0, 0, (byte)id, 0, 0, 0, 0]);
                return false;
            case Reaction.Drop:
                client.LingerState = new LingerOption(true, 0);
                return false;
            default:
                await WriteAsync(stream, Headers, EndHeaders | EndStream, id, StatusOk);
                return true;
        }
    }

    private Task WriteAsync(NetworkStream stream, byte type, byte flags, int id, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame, 9);
        return stream.WriteAsync(frame, _stop.Token).AsTask();
    }
}
