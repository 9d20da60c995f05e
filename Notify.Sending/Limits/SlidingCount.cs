namespace Notify.Sending.Limits;

/// <summary>How many happened in the last <c>window</c>: the running window's count, and of the one before the part that still overlaps.
/// Two numbers stand for all times.</summary>
internal struct SlidingCount
{
    private int _window;
    private int _current;
    private int _previous;

    /// <summary>How many count now, rounded up.</summary>
    public int At(TimeSpan now, TimeSpan window)
    {
        Move(now, window);
        return _current + (int)Math.Ceiling(_previous * (1 - Part(now, window)));
    }

    public void Add(TimeSpan now, TimeSpan window)
    {
        Move(now, window);
        _current++;
    }

    /// <summary>How long until one more stays within the limit.</summary>
    public TimeSpan DelayFor(TimeSpan now, TimeSpan window, int limit)
    {
        Move(now, window);
        var room = limit - 1;
        if (_current + (_previous * (1 - Part(now, window))) <= room)
            return TimeSpan.Zero;
        var part = Part(now, window);
        // Within this window the one before fades; in the next one this one does.
        return _current <= room
            ? window * (1 - part - ((double)(room - _current) / _previous))
            : window * (1 - part + 1 - ((double)room / _current));
    }

    private static double Part(TimeSpan now, TimeSpan window) => (double)(now.Ticks % window.Ticks) / window.Ticks;

    private void Move(TimeSpan now, TimeSpan window)
    {
        var running = (int)(now.Ticks / window.Ticks);
        if (running == _window)
            return;
        _previous = running == _window + 1 ? _current : 0;
        _current = 0;
        _window = running;
    }
}
