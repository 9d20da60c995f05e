using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>
/// The pause after an answer that asks for a growing one: twice as long each time until a message is taken. Answers to calls that were
/// under way with the first say nothing new.
/// </summary>
/// <param name="InARow">Pauses without a message taken between them.</param>
/// <param name="Until">When the last one is over.</param>
internal readonly record struct GrowingPause(int InARow, TimeSpan Until)
{
    public GrowingPause Ended() => this with { InARow = 0 };

    /// <param name="asked">The first wait; null for the schedule's floor.</param>
    /// <param name="growing">How it grows.</param>
    /// <param name="now">The time of the answer.</param>
    /// <param name="isNews">Whether no pause was under way.</param>
    public GrowingPause After(TimeSpan? asked, RetrySchedule growing, TimeSpan now, out bool isNews)
    {
        isNews = now >= Until;
        if (!isNews)
            return this;
        var wait = (asked ?? growing.Floor) * Math.Pow(2, Math.Min(InARow, 20));
        return new(InARow + 1, now + (wait < growing.Ceiling ? wait : growing.Ceiling));
    }
}
