using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Notify.Benchmarks.Running;

/// <summary>What another .NET process has counted, by the <see cref="StartupHook"/> in it.</summary>
internal sealed class CounterReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private TcpClient? _process;

    public CounterReader() => _listener.Start();

    /// <summary>What the process has to find in its environment.</summary>
    public Dictionary<string, string> Settings =>
        new()
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(CounterReader).Assembly.Location,
            [StartupHook.PortVariable] = ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture),
        };

    public async Task<ServiceCounters> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            _process ??= await _listener.AcceptTcpClientAsync(limit.Token);
            var answer = new byte[Unsafe.SizeOf<ServiceCounters>()];
            await _process.GetStream().WriteAsync(new byte[1], limit.Token);
            await _process.GetStream().ReadExactlyAsync(answer, limit.Token);
            return MemoryMarshal.Read<ServiceCounters>(answer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Patience.TotalSeconds:0} s: what a process has counted.");
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _listener.Dispose();
    }
}
