using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class PartitionStandingTests
{
    [Theory]
    [InlineData(null, null, 0, 0, true)]
    [InlineData(null, null, 0, 1, false)] // a group that is new reads from the beginning
    [InlineData(null, null, 7, 7, true)]
    [InlineData(null, 100L, 0, 100, true)]
    [InlineData(null, 100L, 0, 101, false)]
    [InlineData(100L, 50L, 0, 100, true)]
    [InlineData(100L, 50L, 0, 101, false)]
    [InlineData(null, 100L, 500, 500, true)] // retention was faster than the group
    [InlineData(null, 100L, 500, 501, false)]
    [InlineData(100L, null, 500, 500, true)]
    [InlineData(100L, null, 500, 501, false)]
    public void Partition_is_passed_when_the_broker_has_nothing_beyond_what_was_finished(
        long? finishedTo,
        long? committed,
        long low,
        long high,
        bool passed
    ) =>
        Assert.Equal(
            passed,
            new PartitionStanding(new("t", 0), finishedTo, HasOpen: false, OldestOpen: null).IsPassed(committed, low, high)
        );

    [Fact]
    public void Partition_with_an_open_record_is_not_passed() =>
        Assert.False(new PartitionStanding(new("t", 0), 100, HasOpen: true, OldestOpen: null).IsPassed(null, 0, 100));
}
