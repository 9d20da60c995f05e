using Confluent.Kafka;
using Notify.Core.Messaging;
using Notify.Workers.Router.Intake;

namespace Notify.Tests.Workers.Router;

public sealed class IntakeQueueTests
{
    private readonly IntakeQueue _queue = new(defaultTenant: "somebody");

    [Fact]
    public void Tenant_with_a_long_backlog_delays_another_by_no_more_than_a_batch()
    {
        var noise = Records("noisy", 4_000);
        _queue.Add(noise);
        Assert.Equal(noise[..500], _queue.Next()); // alone, as many as a batch holds

        var quiet = Records("quiet", 3);
        _queue.Add(quiet);

        var batch = _queue.Next();
        Assert.Equal(quiet, batch.Where(quiet.Contains));
        Assert.Equal(noise[500..597], batch.Except(quiet));
        Assert.All(batch, record => Assert.True(record.IsWorkedOn));
    }

    [Fact]
    public void Batch_holds_so_many_bytes_and_a_longer_record_comes_alone()
    {
        const int Megabyte = 1024 * 1024;
        ConsumedRecord[] records =
        [
            .. new[] { 20, 3, 3, 3, 3, 1 }.Select((size, i) => Incoming.Record(new string(' ', size * Megabyte), offset: i)),
        ];
        _queue.Add(records);

        Assert.Equal([1, 3, 2], new[] { _queue.Next().Count, _queue.Next().Count, _queue.Next().Count });
    }

    [Fact]
    public void Record_that_went_to_another_member_drops_out()
    {
        var records = Records("a", 3);
        _queue.Add(records);
        records[1].Withdraw();

        Assert.Equal([records[0], records[2]], _queue.Next());
        Assert.Empty(_queue.Next());
    }

    [Fact]
    public void Records_that_went_to_another_member_cost_their_tenant_no_turn()
    {
        var gone = Records("a", 200);
        var (mine, others) = (Records("a", 200), Records("b", 200));
        _queue.Add([.. gone, .. mine, .. others]);
        Array.ForEach(gone, record => record.Withdraw());

        var batch = _queue.Next();

        Assert.Equal(mine[..50], batch.Where(mine.Contains));
        Assert.Equal(others[..50], batch.Where(others.Contains));
    }

    [Fact]
    public void What_is_read_again_after_each_rebalance_does_not_pile_up_while_nothing_is_routed()
    {
        for (var rebalance = 0; rebalance < 20; rebalance++)
        {
            var records = Records("a", 1_000);
            _queue.Add(records);
            Array.ForEach(records, record => record.Withdraw());
        }
        var live = Records("a", 1_000);
        _queue.Add(live);

        Assert.InRange(_queue.Count, 1_000, 3_000);
        Assert.Equal(live[..500], _queue.Next());
    }

    [Fact]
    public void Records_without_a_tenant_stand_in_the_default_tenants_line()
    {
        var (without, with) = (Incoming.Record(headers: []), Records("somebody", 1)[0]);
        _queue.Add([without, with, .. Records("other", 1)]);

        Assert.Equal([without, with], _queue.Next().Where(record => record == without || record == with));
    }

    private static ConsumedRecord[] Records(string tenant, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Incoming.Record(headers: new Headers().With(RecordHeaders.Tenant, tenant), offset: i))];
}
