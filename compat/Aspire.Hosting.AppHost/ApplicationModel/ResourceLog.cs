using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last lines of one log, stamped with the time at which they came, and its readers.</summary>
internal sealed class ResourceLog(TimeProvider time, Action<LogLine> added)
{
    private const int KeptLines = 10_000;
    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _kept = new();
    private readonly List<Channel<LogLine>> _readers = [];
    private int _lines;
    private bool _completed;

    public void Add(string text, bool isError)
    {
        foreach (var line in text.Split('\n'))
            AddLine(line.TrimEnd('\r'), isError);
    }

    public void Clear()
    {
        lock (_gate)
            _kept.Clear();
    }

    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            foreach (var reader in _readers)
                reader.Writer.TryComplete();
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync()
    {
        await Task.CompletedTask;
        LogLine[] backlog;
        lock (_gate)
            backlog = [.. _kept];
        if (backlog.Length > 0)
            yield return backlog;
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<LogLine>(new UnboundedChannelOptions { SingleReader = true });
        LogLine[] backlog;
        lock (_gate)
        {
            backlog = [.. _kept];
            _readers.Add(channel);
            if (_completed)
                channel.Writer.TryComplete();
        }
        try
        {
            if (backlog.Length > 0)
                yield return backlog;
            while (await channel.Reader.WaitToReadAsync(cancellationToken))
            {
                var lines = new List<LogLine>();
                while (channel.Reader.TryRead(out var line))
                    lines.Add(line);
                yield return lines;
            }
        }
        finally
        {
            lock (_gate)
                _readers.Remove(channel);
        }
    }

    private void AddLine(string text, bool isError)
    {
        var stamp = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        LogLine line;
        lock (_gate)
        {
            line = new LogLine(++_lines, $"{stamp} {text}", isError);
            _kept.Enqueue(line);
            if (_kept.Count > KeptLines)
                _kept.Dequeue();
            foreach (var reader in _readers)
                reader.Writer.TryWrite(line);
        }
        added(line with { Content = text });
    }
}
