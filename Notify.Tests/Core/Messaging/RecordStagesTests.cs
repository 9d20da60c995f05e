using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class RecordStagesTests
{
    private readonly ConsumedRecord _record;
    private int _ended;

    public RecordStagesTests() => _record = new(new() { TopicPartitionOffset = new("t", 0, 7), Message = new() }, _ => _ended++);

    [Fact]
    public void Record_that_is_worked_on_cannot_be_withdrawn()
    {
        Assert.True(_record.IsWorkedOn);
        _record.Withdraw();
        Assert.True(_record.IsWorkedOn);
        Assert.Equal(0, _ended);

        _record.Finish();

        Assert.True(_record.IsFinished);
        Assert.Equal(1, _ended);
    }

    [Fact]
    public void Held_record_can_be_withdrawn_once_and_nobody_begins_it_then()
    {
        _record.Hold();
        Assert.False(_record.IsWorkedOn);

        _record.Withdraw();
        _record.Withdraw();

        Assert.Equal(1, _ended);
        Assert.False(_record.TryBegin());
        _record.Hold();
        Assert.False(_record.TryBegin());
        Assert.False(_record.IsWorkedOn || _record.IsFinished);
    }

    [Fact]
    public void Record_of_another_member_is_not_finished_here()
    {
        _record.Hold();
        _record.Withdraw();

        _record.Finish();

        Assert.False(_record.IsFinished); // its offset would be committed, and nobody has done the work
        Assert.Equal(1, _ended);
    }

    [Fact]
    public void Held_record_is_begun_by_one_and_may_be_put_aside_again()
    {
        _record.Hold();
        Assert.True(_record.TryBegin());
        Assert.False(_record.TryBegin());
        Assert.True(_record.IsWorkedOn);
        _record.Hold();

        Assert.True(_record.TryBegin());
    }

    [Fact]
    public void Finished_record_stays_so_and_ends_once()
    {
        _record.Finish();
        _record.Finish();
        _record.Hold();
        _record.Withdraw();

        Assert.True(_record.IsFinished);
        Assert.False(_record.TryBegin());
        Assert.Equal(1, _ended);
    }

    [Fact]
    public async Task Of_one_who_begins_and_one_who_withdraws_exactly_one_has_it()
    {
        for (var i = 0; i < 2_000; i++)
        {
            var ended = 0;
            var record = new ConsumedRecord(new() { TopicPartitionOffset = new("t", 0, i), Message = new() }, _ =>
                Interlocked.Increment(ref ended)
            );
            record.Hold();
            using var start = new Barrier(2);
            var withdrawing = Task.Run(
                () =>
                {
                    start.SignalAndWait();
                    record.Withdraw();
                },
                TestContext.Current.CancellationToken
            );
            start.SignalAndWait(TestContext.Current.CancellationToken);
            var begun = record.TryBegin();
            await withdrawing;

            Assert.Equal(begun ? 0 : 1, ended);
            Assert.Equal(begun, record.IsWorkedOn);
        }
    }
}
