namespace Aspire.Hosting.Orchestration;

/// <summary>How long to wait before a crashed server starts again: 1 s, doubled each time up to 30 s, from the start again after a minute of running.</summary>
internal sealed class RestartDelays
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_steady = TimeSpan.FromMinutes(1);
    private TimeSpan _next = s_first;

    public TimeSpan After(TimeSpan ranFor)
    {
        if (ranFor >= s_steady)
            _next = s_first;
        var delay = _next;
        _next = _next * 2 > s_longest ? s_longest : _next * 2;
        return delay;
    }
}
