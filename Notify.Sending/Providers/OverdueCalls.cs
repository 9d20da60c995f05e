namespace Notify.Sending.Providers;

/// <summary>
/// The calls of one provider that are under way, and whether it has fallen silent: of the calls since some moment most are overdue by its
/// usual latency, and none was answered for as long. Those calls run on, since their answers may come. Until one is answered, further
/// calls are few at a time, and one is made every few seconds in any case. A provider that is merely slow goes on answering, and its
/// latency is learned.
/// </summary>
internal sealed class OverdueCalls
{
    /// <summary>So many overdue calls make it silent; fewer may be their messages' own.</summary>
    internal const int Several = 3;

    /// <summary>Calls at a time while it is silent and no other provider takes the messages.</summary>
    internal const int Few = 4;

    /// <summary>While it is silent a call is made at least as often: it is noticed within this time that it answers again.</summary>
    internal static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private readonly LinkedList<RunningCall> _running = new(); // the oldest first
    private readonly UsualLatency _usual;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly ITimer _look;
    private bool _looks;
    private long _answers;
    private long _answeredAt;
    private bool _isSilent;
    private int _silence; // counts them
    private int _tries; // calls under way that were begun in this silence
    private long _triedAt;
    private long _triedBefore;

    /// <param name="slowCall">From when on a call is overdue whatever is usual.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Called when it falls silent, and when it answers again.</param>
    public OverdueCalls(TimeSpan slowCall, TimeProvider time, Action changed)
    {
        (_usual, _time, _changed) = (new(slowCall), time, changed);
        _look = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it has fallen silent.</summary>
    public bool IsSilent => Volatile.Read(ref _isSilent);

    /// <summary>Whether it has fallen silent, and it is not time for a call that tries it: other providers are asked first.</summary>
    public bool IsAvoided
    {
        get
        {
            lock (_lock)
                return _isSilent && !IsTryDue;
        }
    }

    /// <summary>When it is tried again, whoever else is asked; null where it is not silent.</summary>
    public DateTimeOffset? NextTry
    {
        get
        {
            lock (_lock)
                return _isSilent ? _time.GetUtcNow() + Positive(TryEvery - _time.GetElapsedTime(_triedAt)) : null;
        }
    }

    private bool IsTryDue => _time.GetElapsedTime(_triedAt) >= TryEvery;

    /// <summary>Takes the right to a call.</summary>
    /// <param name="silence">For <see cref="Leave"/>: the silence that the call tries to end; 0 where there is none.</param>
    public bool TryEnter(out int silence)
    {
        lock (_lock)
        {
            silence = 0;
            if (!_isSilent)
                return true;
            if (_tries >= Few && !IsTryDue)
                return false;
            _tries++;
            (_triedBefore, _triedAt) = (_triedAt, _time.GetTimestamp());
            silence = _silence;
            return true;
        }
    }

    /// <param name="silence">What <see cref="TryEnter"/> gave.</param>
    /// <param name="called">Whether the right was used; else the next one tries at once.</param>
    public void Leave(int silence, bool called)
    {
        if (silence == 0)
            return;
        lock (_lock)
        {
            if (silence != _silence)
                return;
            _tries--;
            if (!called)
                _triedAt = _triedBefore;
        }
    }

    /// <summary>A call begins. It ends with <see cref="End"/>.</summary>
    public LinkedListNode<RunningCall> Begin()
    {
        lock (_lock)
        {
            var call = _running.AddLast(new RunningCall(_time.GetTimestamp(), _answers));
            if (!_looks && _usual.Bound is { } bound)
                LookIn(bound);
            return call;
        }
    }

    /// <param name="call">What <see cref="Begin"/> gave.</param>
    /// <param name="answered">Whether the provider said anything of its own, and not merely the network.</param>
    public void End(LinkedListNode<RunningCall> call, bool answered)
    {
        lock (_lock)
        {
            _running.Remove(call);
            if (!answered)
                return;
            _answers++;
            _answeredAt = _time.GetTimestamp();
            _usual.Answered(_time.GetElapsedTime(call.Value.BeganAt, _answeredAt));
            if (!_isSilent)
                return;
            _isSilent = false;
        }
        _changed();
    }

    private void Look()
    {
        lock (_lock)
        {
            _looks = false;
            if (_isSilent || _usual.Bound is not { } bound || _running.First is not { } oldest)
                return;
            if (_time.GetElapsedTime(_answeredAt) < bound || !AreMostOverdue())
            {
                var age = _time.GetElapsedTime(oldest.Value.BeganAt);
                LookIn(bound - age > ShortestLook ? bound - age : ShortestLook);
                return;
            }
            (_isSilent, _tries, _triedAt) = (true, 0, _time.GetTimestamp());
            _triedBefore = _triedAt;
            _silence++;
        }
        _changed();
    }

    private void LookIn(TimeSpan wait)
    {
        _looks = true;
        _look.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether there is a moment since which several calls have become overdue, and fewer were answered.</summary>
    private bool AreMostOverdue()
    {
        var overdue = CountOverdue();
        for (var call = _running.First; overdue >= Several; call = call.Next, overdue--)
        {
            if (overdue > _answers - call!.Value.AnswersBefore)
                return true;
        }
        return false;
    }

    private int CountOverdue()
    {
        var count = 0;
        for (var call = _running.First; call is not null && _time.GetElapsedTime(call.Value.BeganAt) >= _usual.Bound; call = call.Next)
            count++;
        return count;
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}

/// <summary>A call that is under way.</summary>
/// <param name="BeganAt">The clock's timestamp.</param>
/// <param name="AnswersBefore">How many calls the provider had answered then.</param>
internal readonly record struct RunningCall(long BeganAt, long AnswersBefore);
