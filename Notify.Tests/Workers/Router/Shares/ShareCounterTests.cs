using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router.Shares;

public sealed class ShareCounterTests
{
    [Theory]
    [InlineData(2, true, false, 1_000)]
    [InlineData(2, false, false, 18)]
    [InlineData(200, false, false, 1_800)]
    [InlineData(50, false, true, 200)]
    // a count that the database kept waiting must not become half a minute for what waits for the next
    [InlineData(4_000, false, true, 500)]
    public void Count_that_takes_long_is_made_less_often_and_still_often_where_deliveries_wait_for_it(
        int took,
        bool isQuiet,
        bool isAwaited,
        int pause
    ) => Assert.Equal(pause, ShareCounter.PauseAfter(TimeSpan.FromMilliseconds(took), isQuiet, isAwaited).TotalMilliseconds);
}
