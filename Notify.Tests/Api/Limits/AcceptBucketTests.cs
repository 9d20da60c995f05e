using Notify.Api.Limits;

namespace Notify.Tests.Api.Limits;

public sealed class AcceptBucketTests
{
    [Fact]
    public async Task Many_takers_at_once_get_no_more_than_there_is()
    {
        var pace = new AcceptPace(700, TimeSpan.FromSeconds(10));
        var bucket = new AcceptBucket();
        var taken = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(
                        () => Enumerable.Range(0, 2_000).Count(_ => bucket.Take(pace, 1, 5) == TimeSpan.Zero),
                        TestContext.Current.CancellationToken
                    )
                )
        );
        Assert.Equal(7_000, taken.Sum());
        Assert.Equal(0, bucket.Left(pace, 5));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 60)]
    [InlineData(5_000, 60)]
    [InlineData(1_000_000, 3_600)]
    public void After_the_wait_the_permits_are_there(int perSecond, int burst)
    {
        var pace = new AcceptPace(perSecond, TimeSpan.FromSeconds(burst));
        var bucket = new AcceptBucket();
        Assert.Equal(TimeSpan.Zero, bucket.Take(pace, pace.Most, 0));
        var wait = bucket.Take(pace, 1, 0);
        Assert.True(wait > TimeSpan.Zero);
        Assert.True(bucket.Take(pace, 1, (wait.Ticks - 1) * 100) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, bucket.Take(pace, 1, wait.Ticks * 100));
    }

    [Fact]
    public void What_is_returned_can_be_taken_again()
    {
        var pace = new AcceptPace(10, TimeSpan.FromSeconds(1));
        var bucket = new AcceptBucket();
        bucket.Take(pace, 10, 0);
        bucket.Return(pace, 4);
        Assert.Equal(4, bucket.Left(pace, 0));
        Assert.Equal(TimeSpan.Zero, bucket.Take(pace, 4, 0));
        Assert.NotEqual(TimeSpan.Zero, bucket.Take(pace, 1, 0));
    }
}
