using System.Globalization;
using Notify.Benchmarks.Parts;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Sinks;

/// <summary>Stands for the provider that does nothing inside the worker (<see cref="IdleWorker"/>), which counts what came in memory that
/// it shares with this process.</summary>
internal sealed class IdleSink : IProviderSink
{
    private string? _file;
    private SharedLongs? _memory;
    private int _count;

    public int Port => throw new NotSupportedException("Nothing listens: the provider is in the worker.");

    public Arrivals Expect(int backlog, Arrivals? probes = null)
    {
        Forget();
        _count = backlog;
        _file = Path.Combine(Path.GetTempPath(), $"notify-benchmark-{Guid.NewGuid():N}");
        _memory = new SharedLongs(_file, Arrivals.CellsOf(backlog));
        return Arrivals.In(_memory, backlog);
    }

    public Dictionary<string, string> WorkerSettings(Channel channel) =>
        new()
        {
            [IdleWorker.ChannelVariable] = channel.ToName(),
            [IdleWorker.ArrivalsVariable] = _file ?? throw new InvalidOperationException("Nothing is expected."),
            [IdleWorker.CountVariable] = _count.ToString(CultureInfo.InvariantCulture),
        };

    public ValueTask DisposeAsync()
    {
        Forget();
        return ValueTask.CompletedTask;
    }

    private void Forget()
    {
        ((IDisposable?)_memory)?.Dispose();
        if (_file is not null)
            File.Delete(_file);
    }
}
