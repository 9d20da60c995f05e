namespace Notify.Workers.Push.Tokens;

/// <summary>How many different ones came in a window: in its running half and in the one before. Kept as they come, so that asking costs
/// nothing.</summary>
/// <param name="most">So many in a half are told from each other.</param>
/// <param name="countsMore">Whether those beyond count too, each time they come.</param>
internal sealed class WindowCount(int most, bool countsMore = false)
{
    private HashSet<long> _before = [];
    private HashSet<long> _now = [];
    private int _beforeOnly; // of those before, what has not come again
    private int _moreBefore;
    private int _moreNow;

    public int Count => _now.Count + _moreNow + _beforeOnly + _moreBefore;

    public void Add(long one)
    {
        if (_now.Count < most)
        {
            if (_now.Add(one) && _before.Contains(one))
                _beforeOnly--;
        }
        else if (countsMore && !_now.Contains(one))
        {
            _moreNow++;
        }
    }

    /// <summary>Takes it out of the running half.</summary>
    public void Remove(long one)
    {
        if (_now.Remove(one) && _before.Contains(one))
            _beforeOnly++;
    }

    /// <summary>The running half is over.</summary>
    public void Turn()
    {
        (_before, _now) = (_now, []);
        (_moreBefore, _moreNow) = (_moreNow, 0);
        _beforeOnly = _before.Count;
    }

    public void Clear()
    {
        (_before, _now) = ([], []);
        (_beforeOnly, _moreBefore, _moreNow) = (0, 0, 0);
    }
}
