using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Workers.Router.Shares;

/// <summary>
/// How many deliveries each tenant may have in Kafka, per channel and lane: the lane's window is shared by the tenants that use it, by
/// their weights. Known from the last count of queued rows and what this process has added since, so asking costs nothing.
/// </summary>
internal sealed class TenantShares(IOptions<RouterOptions> options)
{
    private readonly Lock _lock = new();
    private Dictionary<LaneTenant, int> _queued = [];
    private Dictionary<LaneTenant, int> _added = [];
    private HashSet<LaneTenant> _waiting = [];
    private readonly HashSet<LaneTenant> _writing = []; // were told to wait, and their rows may not be committed yet
    private HashSet<LaneTenant> _written = []; // were told to wait, and no count has begun since their rows are committed
    private IReadOnlyDictionary<string, int> _weights = new Dictionary<string, int>();
    private Dictionary<(string Channel, string Lane), LaneUse> _lanes = [];

    /// <summary>Whether anything stands in Kafka or waits, as far as is known here.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_lock)
                return _queued.Count == 0 && _added.Count == 0 && _waiting.Count == 0;
        }
    }

    /// <summary>Whether anything waits for its share.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_lock)
                return _waiting.Count > 0;
        }
    }

    /// <summary>
    /// How many of the tenant's new deliveries may be queued now; the rest waits for its turn, behind what waits already. Whoever writes
    /// the rows says when that is done (<see cref="Written"/>).
    /// </summary>
    public int Take(Channel channel, Lane lane, string tenant, int wanted)
    {
        var key = new LaneTenant(channel.ToName(), lane.ToName(), tenant);
        lock (_lock)
        {
            var allowed = _waiting.Contains(key) ? 0 : Math.Clamp(ShareOf(key) - QueuedOf(key), 0, wanted);
            if (allowed < wanted)
            {
                _waiting.Add(key);
                _writing.Add(key);
            }
            Add(key, allowed);
            return allowed;
        }
    }

    /// <summary>The rows of the lane are committed for all that was taken so far: counts that begin from now on see them.</summary>
    public void Written(Lane lane)
    {
        var name = lane.ToName();
        lock (_lock)
        {
            _written.UnionWith(_writing.Where(key => key.Lane == name));
            _writing.RemoveWhere(key => key.Lane == name);
        }
    }

    /// <summary>How many of those that wait may be released, for each tenant that has some.</summary>
    public List<(LaneTenant Key, int Room)> Rooms()
    {
        lock (_lock)
            return [.. _waiting.Select(key => (key, ShareOf(key) - QueuedOf(key))).Where(entry => entry.Item2 > 0)];
    }

    /// <summary>
    /// How many more a lane may hold, whoever they belong to: what came due goes by this. A window of its own beyond the shares: where very
    /// many tenants have the smallest share, these come to more than one window, are filled again at each turn, and would leave no room for
    /// retries.
    /// </summary>
    public int RoomOf(string channel, string lane)
    {
        lock (_lock)
        {
            var (queued, inShares) = _lanes.GetValueOrDefault((channel, lane)) is { } use ? (use.Queued, use.InShares) : (0, 0);
            return Math.Max(0, Math.Max(options.Value.LaneWindow, inShares) + options.Value.LaneWindow - queued);
        }
    }

    /// <summary>As of the last count; 1 where nothing else is set.</summary>
    public int WeightOf(string tenant) => Volatile.Read(ref _weights).GetValueOrDefault(tenant, 1);

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
            _written = [];
        }
        return (queued, waiting, weights) =>
        {
            lock (_lock)
            {
                // Tenants whose waiting rows the count cannot have seen: it read the table before they were committed. Taken for none, they
                // would let newer messages pass these.
                waiting.UnionWith(_writing);
                waiting.UnionWith(_written);
                (_queued, _waiting, _weights) = (queued, waiting, weights);
                SumUp();
            }
        };
    }

    private int ShareOf(LaneTenant key)
    {
        var weight = WeightOf(key.Tenant);
        var all = _lanes.GetValueOrDefault((key.Channel, key.Lane)) is { } lane ? lane.WeightWith(key.Tenant, weight) : weight;
        return Math.Max(options.Value.MinShare, (int)((long)options.Value.LaneWindow * weight / all));
    }

    /// <summary>The sums over a lane are kept, not made for each question: there may be thousands of tenants and thousands of questions a
    /// second.</summary>
    private void SumUp()
    {
        _lanes = [];
        foreach (var (key, count) in _queued.Concat(_added))
            Use(key).Join(key.Tenant, WeightOf(key.Tenant), count);
        foreach (var key in _waiting)
            Use(key).Join(key.Tenant, WeightOf(key.Tenant));
        foreach (var (key, count) in _queued)
            Use(key).InShares += Math.Min(count, ShareOf(key));
    }

    private LaneUse Use(LaneTenant key)
    {
        if (!_lanes.TryGetValue((key.Channel, key.Lane), out var lane))
            _lanes.Add((key.Channel, key.Lane), lane = new());
        return lane;
    }

    private int QueuedOf(LaneTenant key) => _queued.GetValueOrDefault(key) + _added.GetValueOrDefault(key);

    private void Add(LaneTenant key, int count)
    {
        _added[key] = _added.GetValueOrDefault(key) + count;
        Use(key).Join(key.Tenant, WeightOf(key.Tenant), count);
    }

    /// <summary>Who uses a lane, and how much stands in it.</summary>
    private sealed class LaneUse
    {
        private readonly HashSet<string> _tenants = [];
        private int _weight;

        public int Queued { get; private set; }

        /// <summary>What of it stands within its tenant's share, as of the last count.</summary>
        public int InShares { get; set; }

        public void Join(string tenant, int weight, int queued = 0)
        {
            if (_tenants.Add(tenant))
                _weight += weight;
            Queued += queued;
        }

        /// <summary>All tenants' weights, and this one's too where it is not among them.</summary>
        public int WeightWith(string tenant, int weight) => _tenants.Contains(tenant) ? _weight : _weight + weight;
    }
}
