using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime;
using System.Runtime.InteropServices;
using Notify.Benchmarks.Running;

#pragma warning disable CA1050, IDE0130 // The runtime looks for a type of this name outside any namespace.

/// <summary>
/// What the runtime calls first in a service that a scenario starts with DOTNET_STARTUP_HOOKS: whenever it is asked, it tells what its
/// process has allocated, and what some of the service's own counters stand at. The services themselves know nothing of it.
/// </summary>
internal static class StartupHook
{
    public const string PortVariable = "NOTIFY_BENCHMARKS_PORT";
    private const string ReleasedCounter = "notify.deliveries.released";
    private const string RoutedCounter = "notify.notifications.routed";
    private static long s_released;
    private static long s_routed;

    public static void Initialize()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable(PortVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            new Thread(() => Answer(port)) { IsBackground = true, Name = "benchmark" }.Start();
    }

    /// <summary>A byte is the question.</summary>
    private static void Answer(int port)
    {
        using var counters = new MeterListener { InstrumentPublished = Enable };
        counters.SetMeasurementEventCallback<long>(
            (counter, more, _, _) => Interlocked.Add(ref counter.Name == ReleasedCounter ? ref s_released : ref s_routed, more)
        );
        counters.Start();
        try
        {
            using var client = new TcpClient("127.0.0.1", port) { NoDelay = true };
            while (client.GetStream().ReadByte() >= 0)
            {
                var counted = new ServiceCounters(
                    GC.GetTotalAllocatedBytes(),
                    Interlocked.Read(ref s_released),
                    Interlocked.Read(ref s_routed),
                    JitInfo.GetCompilationTime().Ticks
                );
                client.GetStream().Write(MemoryMarshal.AsBytes([counted]));
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            return; // nobody asks any more
        }
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Name is ReleasedCounter or RoutedCounter)
            listener.EnableMeasurementEvents(instrument);
    }
}
