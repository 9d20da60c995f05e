using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Workers.Router.Shares;

/// <summary>
/// How many deliveries each tenant may have in Kafka, per channel and lane: the lane's window is shared by the tenants that use it, by their weights.
/// Known from the last count of queued rows and what this process has added since, so asking costs nothing.
/// </summary>
internal sealed class TenantShares(IOptions<RouterOptions> options)
{
    private readonly Lock _lock = new();
    private Dictionary<LaneTenant, int> _queued = [];
    private Dictionary<LaneTenant, int> _added = [];
    private HashSet<LaneTenant> _waiting = [];
    private IReadOnlyDictionary<string, int> _weights = new Dictionary<string, int>();

    /// <summary>Whether anything stands in Kafka or waits, as far as is known here.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_lock)
                return _queued.Count == 0 && _added.Count == 0 && _waiting.Count == 0;
        }
    }

    /// <summary>How many of the tenant's new deliveries may be queued now; the rest waits for its turn, behind what waits already.</summary>
    public int Take(Channel channel, Lane lane, string tenant, int wanted)
    {
        var key = new LaneTenant(channel.ToName(), lane.ToName(), tenant);
        lock (_lock)
        {
            var allowed = _waiting.Contains(key) ? 0 : Math.Clamp(ShareOf(key) - QueuedOf(key), 0, wanted);
            if (allowed < wanted)
                _waiting.Add(key);
            Add(key, allowed);
            return allowed;
        }
    }

    /// <summary>How many of those that wait may be released, for each tenant that has some.</summary>
    public List<(LaneTenant Key, int Room)> Rooms()
    {
        lock (_lock)
            return [.. _waiting.Select(key => (key, ShareOf(key) - QueuedOf(key))).Where(entry => entry.Item2 > 0)];
    }

    /// <summary>How many more a lane may hold, whoever they belong to: what came due goes by this.</summary>
    public int RoomOf(string channel, string lane)
    {
        lock (_lock)
            return Math.Max(0, (2 * options.Value.LaneWindow) - _queued.Concat(_added).Where(entry => entry.Key.Channel == channel && entry.Key.Lane == lane).Sum(entry => entry.Value));
    }

    /// <summary>So many were released.</summary>
    public void Released(LaneTenant key, int count)
    {
        lock (_lock)
            Add(key, count);
    }

    /// <summary>A count begins: what is added from now on is added to its result. Returns what the result is to be handed to.</summary>
    public Action<Dictionary<LaneTenant, int>, HashSet<LaneTenant>, IReadOnlyDictionary<string, int>> BeginCount()
    {
        lock (_lock)
        {
            var before = _added;
            foreach (var (key, count) in before)
                _queued[key] = _queued.GetValueOrDefault(key) + count;
            _added = [];
        }
        return (queued, waiting, weights) =>
        {
            lock (_lock)
            {
                // Who was told to wait since the count began waits, though the count has not seen it.
                waiting.UnionWith(_waiting.Where(key => _added.ContainsKey(key)));
                (_queued, _waiting, _weights) = (queued, waiting, weights);
            }
        };
    }

    private int ShareOf(LaneTenant key)
    {
        var active = _queued.Keys.Concat(_added.Keys).Concat(_waiting).Where(other => other.Channel == key.Channel && other.Lane == key.Lane).Append(key).Select(other => other.Tenant).Distinct();
        var all = active.Sum(WeightOf);
        return Math.Max(options.Value.MinShare, (int)((long)options.Value.LaneWindow * WeightOf(key.Tenant) / all));
    }

    private int QueuedOf(LaneTenant key) => _queued.GetValueOrDefault(key) + _added.GetValueOrDefault(key);

    private int WeightOf(string tenant) => _weights.GetValueOrDefault(tenant, 1);

    private void Add(LaneTenant key, int count) => _added[key] = _added.GetValueOrDefault(key) + count;
}
