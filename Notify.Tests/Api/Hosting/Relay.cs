using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Notify.Tests.Api.Hosting;

/// <summary>A port that leads to another one until it is cut: a server that goes away without being stopped.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _cut = new();
    private readonly Task _accepting;

    public Relay(int target)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(target);
    }

    public int Port { get; }

    private volatile bool _refusing;

    /// <summary>Ends every new connection at once, as a server that is away does, until <see cref="Admit"/>.</summary>
    public void Refuse() => _refusing = true;

    public void Admit() => _refusing = false;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Ends every connection and refuses new ones.</summary>
    public async Task CutAsync()
    {
        await _cut.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        _cut.Dispose();
    }

    private async Task AcceptAsync(int target)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_cut.Token), target));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(TcpClient near, int target)
    {
        using var _ = near;
        if (_refusing)
            return;
        using var far = new TcpClient { NoDelay = true };
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, target, _cut.Token);
            await Task.WhenAny(
                near.GetStream().CopyToAsync(far.GetStream(), _cut.Token),
                far.GetStream().CopyToAsync(near.GetStream(), _cut.Token)
            );
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            return;
        }
    }
}
