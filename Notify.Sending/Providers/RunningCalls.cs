namespace Notify.Sending.Providers;

/// <summary>
/// The calls of one provider that are under way, the oldest first, in slots that are used again: a call costs no allocation. Not safe for
/// concurrent use, and without a clock: the caller has both.
/// </summary>
internal sealed class RunningCalls
{
    /// <summary>So many overdue calls may mean that the provider is silent; fewer may be their messages' own.</summary>
    internal const int Several = 3;

    private const int None = -1;
    private Slot[] _slots = new Slot[64];
    private int _used;
    private int _free = None;
    private int _oldest = None;
    private int _newest = None;
    private int _oldestFresh = None; // of those that do not count as slow yet
    private long _answers;
    private TimeSpan _answeredAt;

    /// <summary>When the oldest of them began; null where there is none.</summary>
    public TimeSpan? OldestBegan => _oldest == None ? null : _slots[_oldest].Call.BeganAt;

    /// <summary>When the oldest of those began that do not count as slow yet; null where there is none.</summary>
    public TimeSpan? OldestFreshBegan => _oldestFresh == None ? null : _slots[_oldestFresh].Call.BeganAt;

    /// <summary>A call begins. It ends with <see cref="Remove"/>.</summary>
    public int Add(CallPlace place, TimeSpan now)
    {
        var at = _free;
        if (at != None)
            _free = _slots[at].Next;
        else
        {
            at = _used++;
            if (at == _slots.Length)
                Array.Resize(ref _slots, 2 * at);
        }
        _slots[at] = new(new(place, now, _answers, WasSlow: false), Before: _newest, Next: None);
        if (_newest == None)
            _oldest = at;
        else
            _slots[_newest].Next = at;
        _newest = at;
        if (_oldestFresh == None)
            _oldestFresh = at;
        return at;
    }

    /// <param name="at">What <see cref="Add"/> gave.</param>
    public RunningCall Remove(int at)
    {
        var slot = _slots[at];
        if (_oldestFresh == at)
            _oldestFresh = slot.Next;
        if (slot.Before == None)
            _oldest = slot.Next;
        else
            _slots[slot.Before].Next = slot.Next;
        if (slot.Next == None)
            _newest = slot.Before;
        else
            _slots[slot.Next].Before = slot.Before;
        _slots[at].Next = _free;
        _free = at;
        return slot.Call;
    }

    /// <summary>The provider said anything of its own.</summary>
    public void Answered(TimeSpan now)
    {
        _answers++;
        _answeredAt = now;
    }

    /// <summary>The next call that takes as long as counts as failed, once for each.</summary>
    public bool TryTakeSlow(TimeSpan now, TimeSpan slowCall, out CallPlace place)
    {
        place = default;
        if (_oldestFresh == None || now - _slots[_oldestFresh].Call.BeganAt < slowCall)
            return false;
        ref var slot = ref _slots[_oldestFresh];
        place = slot.Call.Place;
        slot.Call = slot.Call with { WasSlow = true };
        _oldestFresh = slot.Next;
        return true;
    }

    /// <summary>
    /// Whether nothing was answered for as long as the bound, and there is a moment since which several calls have become overdue and fewer
    /// were answered.
    /// </summary>
    public bool AreMostOverdue(TimeSpan now, TimeSpan bound)
    {
        if (now - _answeredAt < bound)
            return false;
        var overdue = 0;
        for (var at = _oldest; at != None && now - _slots[at].Call.BeganAt >= bound; at = _slots[at].Next)
            overdue++;
        for (var at = _oldest; overdue >= Several; at = _slots[at].Next, overdue--)
        {
            if (overdue > _answers - _slots[at].Call.AnswersBefore)
                return true;
        }
        return false;
    }

    private record struct Slot(RunningCall Call, int Before, int Next);
}

/// <summary>A call that is under way.</summary>
/// <param name="Place">Its place among the provider's calls.</param>
/// <param name="BeganAt">When it began.</param>
/// <param name="AnswersBefore">How many calls the provider had answered then.</param>
/// <param name="WasSlow">Whether it has taken so long that it counts as failed.</param>
internal readonly record struct RunningCall(CallPlace Place, TimeSpan BeganAt, long AnswersBefore, bool WasSlow);
