using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Providers;

/// <summary>From when on a call is overdue, as a table of what was answered before.</summary>
public sealed class UsualLatencyTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Answers as <c>count x milliseconds</c>; the bound in milliseconds from and to, since latencies fall into classes.</summary>
    [Theory]
    [InlineData("49x50", null, null)] // a cold start says nothing
    [InlineData("50x50", 1_000, 1_000)] // never below a second
    [InlineData("50x0", 1_000, 1_000)]
    [InlineData("200x300", 1_000, 1_200)]
    [InlineData("200x500", 1_500, 1_900)] // three times the usual
    [InlineData("200x2000", 6_000, 7_600)]
    [InlineData("200x5000", 10_000, 10_000)] // what counts as slow is overdue in any case
    [InlineData("200x600000", 10_000, 10_000)]
    [InlineData("200x3600000", 10_000, 10_000)]
    [InlineData("219x50 2x2000", 1_000, 1_000)] // one call of a hundred may take what it likes
    [InlineData("190x50 3x2000", 6_000, 7_600)] // latency that rises is learned at once
    [InlineData("395x50 5x2000", 6_000, 7_600)] // and so where much is known
    [InlineData("100x2000 399x50", 6_000, 7_600)] // a rise that is over is forgotten by and by
    [InlineData("40x9000 2000x50", 1_000, 1_000)]
    [InlineData("20x2000 30x50", 1_000, 1_000)] // the first calls of a process take longer
    [InlineData("40x60 40x700 40x60", 2_100, 2_700)]
    public void Bound_follows_what_was_answered(string answers, int? from, int? to)
    {
        var (usual, now) = (new UsualLatency(Longest), TimeSpan.Zero);
        foreach (var part in answers.Split(' '))
        {
            var (count, milliseconds) = (int.Parse(part.Split('x')[0]), int.Parse(part.Split('x')[1]));
            for (var i = 0; i < count; i++)
                usual.Answered(TimeSpan.FromMilliseconds(milliseconds), now += TimeSpan.FromSeconds(1));
        }

        if (from is null)
            Assert.Null(usual.Bound);
        else
            Assert.InRange(usual.Bound!.Value.TotalMilliseconds, from.Value, to!.Value);
    }

    [Fact]
    public void What_counts_as_slow_in_less_than_a_second_is_overdue_then()
    {
        var usual = new UsualLatency(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < UsualLatency.Enough; i++)
            usual.Answered(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(i));

        Assert.Equal(TimeSpan.FromMilliseconds(200), usual.Bound);
    }

    [Fact]
    public void Nothing_is_learned_of_the_first_seconds_however_many_answers_they_bring()
    {
        var usual = new UsualLatency(Longest);
        for (var i = 0; i < 60; i++)
            usual.Answered(TimeSpan.FromMilliseconds(900), TimeSpan.FromMilliseconds(50 * i)); // a process that compiles, 20 a second
        Assert.Null(usual.Bound);

        for (var i = 0; i < 30; i++)
            usual.Answered(TimeSpan.FromMilliseconds(50), UsualLatency.ColdFor + TimeSpan.FromMilliseconds(50 * i));

        Assert.Equal(TimeSpan.FromSeconds(1), usual.Bound);
    }
}
