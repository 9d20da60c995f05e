using System.Threading.Channels;

namespace Notify.Sandbox.Recording;

/// <summary>Tells those who watch about each arrival. A watcher that falls behind loses the oldest; senders never wait.</summary>
internal sealed class Arrivals
{
    public const int Capacity = 256;
    private readonly Lock _gate = new();
    private volatile Channel<ArrivedMessage>[] _watchers = [];

    public int Watchers => _watchers.Length;

    public void Publish(ArrivedMessage message)
    {
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(message);
    }

    public Channel<ArrivedMessage> Watch()
    {
        var watcher = Channel.CreateBounded<ArrivedMessage>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
        );
        lock (_gate)
            _watchers = [.. _watchers, watcher];
        return watcher;
    }

    public void Leave(Channel<ArrivedMessage> watcher)
    {
        lock (_gate)
            _watchers = [.. _watchers.Where(other => other != watcher)];
    }
}
