using System.Net;
using System.Net.Sockets;

namespace Notify.Benchmarks.Sinks;

/// <summary>A mail server without TLS that takes everything, answers pipelined commands together, and throws the mail away.</summary>
internal sealed class SmtpSink : IProviderSink
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _sessions = [];
    private readonly Task _accepting;
    private (Arrivals Backlog, Arrivals? Probes) _expected = (new Arrivals(0), null);
    private byte[]? _sample;
    private int _open;
    private int _mostOpen;

    public SmtpSink()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>A mail that came since something is expected, as it was on the wire.</summary>
    public byte[] Sample => _sample ?? throw new InvalidOperationException("No mail came.");

    /// <summary>The most connections that were open at a time since something is expected.</summary>
    public int MostConnections => Volatile.Read(ref _mostOpen);

    public Arrivals Expect(int backlog, Arrivals? probes = null)
    {
        _expected = (new Arrivals(backlog), probes);
        (_sample, _mostOpen) = (null, 0);
        return _expected.Backlog;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                client.NoDelay = true;
                _sessions.RemoveAll(session => session.IsCompleted);
                _sessions.Add(ServeAsync(client));
            }
        }
        catch (Exception ended)
            when (_stop.IsCancellationRequested && ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var _ = client;
        var open = Interlocked.Increment(ref _open);
        for (var most = _mostOpen; open > most; most = _mostOpen)
            Interlocked.CompareExchange(ref _mostOpen, open, most);
        try
        {
            await new SmtpSinkSession(client, Arrived, () => _sample is null, mail => _sample ??= mail.ToArray()).RunAsync(_stop.Token);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            return; // the client hung up, or the run is over
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private void Arrived(int number, bool probe)
    {
        var (backlog, probes) = _expected;
        (probe && probes is not null ? probes : backlog).Arrived(number);
    }
}
