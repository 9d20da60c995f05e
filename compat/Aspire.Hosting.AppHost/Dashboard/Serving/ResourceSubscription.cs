using System.Threading.Channels;
using Aspire.Hosting.Dashboard.Contract;

namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>
/// One watcher's view. It holds at most one waiting message per resource, the newest: a watcher that reads slowly
/// skips states in between and costs neither the host time nor memory that grows.
/// </summary>
internal sealed class ResourceSubscription(IReadOnlyList<Resource> initial, Action<ResourceSubscription> end) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Dictionary<string, Resource> _waiting = new(StringComparer.Ordinal);

    public IReadOnlyList<Resource> Initial { get; } = initial;

    public void Offer(Resource resource)
    {
        lock (_gate)
            _waiting[resource.Name] = resource;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Waits for changes and takes all that wait by then.</summary>
    public async Task<IReadOnlyCollection<Resource>> TakeAsync(CancellationToken cancellationToken)
    {
        await _signal.Reader.ReadAsync(cancellationToken);
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = new Dictionary<string, Resource>(StringComparer.Ordinal);
            return taken.Values;
        }
    }

    public void Dispose() => end(this);
}
