using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router.Shares;

public sealed class ShareCounterTests
{
    [Theory]
    [InlineData(2, false, 100)]
    [InlineData(200, false, 1_800)]
    [InlineData(2, true, 100)]
    [InlineData(50, true, 200)]
    [InlineData(2_000, true, 500)]   // a standstill of the database must not become ten of what waits
    public void Count_that_takes_long_is_made_less_often_and_still_often_where_deliveries_wait_for_it(int took, bool isAwaited, int pause) =>
        Assert.Equal(pause, ShareCounter.PauseAfter(TimeSpan.FromMilliseconds(took), isAwaited, TimeSpan.FromMilliseconds(100)).TotalMilliseconds);
}
