using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;

namespace Notify.Sending.Providers;

/// <summary>
/// The pause after an answer that asks for a growing one: twice as long each time until a message is taken. Answers to calls that were
/// under way with the first say nothing new.
/// </summary>
internal sealed class GrowingPause(TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _inARow;
    private DateTimeOffset _until;

    /// <summary>A message was taken.</summary>
    public void End()
    {
        if (Volatile.Read(ref _inARow) != 0)
            Volatile.Write(ref _inARow, 0);
    }

    /// <summary>How long to wait after this answer, and whether it is the first to say so.</summary>
    public (TimeSpan Wait, bool IsNews) After(Outcome outcome, RetrySchedule growing)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now < _until)
                return (_until - now, false);
            var wait = (outcome.RetryAfter ?? growing.Floor) * Math.Pow(2, Math.Min(_inARow++, 20));
            if (wait > growing.Ceiling)
                wait = growing.Ceiling;
            _until = now + wait;
            return (wait, true);
        }
    }
}
