using Notify.Core.Notifications;
using Notify.Workers.Router.Shares;

namespace Notify.Workers.Router.Release;

/// <summary>
/// Splits the turns of very many tenants into rounds, so that what came due is looked at in between. One pass goes through all that have
/// room, critical lanes first; then the next pass begins.
/// </summary>
internal sealed class TurnRounds
{
    private LaneTenant? _last;

    /// <summary>Whether the last round was the end of a pass.</summary>
    public bool IsOver => _last is null;

    /// <summary>The next turns of this pass, or the first of another.</summary>
    public List<(LaneTenant Key, int Room)> Next(IEnumerable<(LaneTenant Key, int Room)> rooms, int maxRows)
    {
        var left = rooms.Where(turn => _last is not { } last || Compare(turn.Key, last) > 0).ToList();
        left.Sort((one, other) => Compare(one.Key, other.Key));
        var (taken, rows) = (0, 0);
        while (taken < left.Count && taken < RoundLimits.Tenants && (taken == 0 || rows + left[taken].Room <= maxRows))
            rows += left[taken++].Room;
        _last = taken < left.Count ? left[taken - 1].Key : null;
        return left[..taken];
    }

    private static int Compare(LaneTenant one, LaneTenant other)
    {
        if (RankOf(one.Lane).CompareTo(RankOf(other.Lane)) is not 0 and var lane)
            return lane;
        if (string.CompareOrdinal(one.Channel, other.Channel) is not 0 and var channel)
            return channel;
        return string.CompareOrdinal(one.Tenant, other.Tenant);
    }

    /// <summary>Lanes that this version does not know come last.</summary>
    private static int RankOf(string lane)
    {
        for (var rank = 0; rank < LaneNames.All.Count; rank++)
        {
            if (LaneNames.All[rank].ToName() == lane)
                return rank;
        }
        return int.MaxValue;
    }
}
