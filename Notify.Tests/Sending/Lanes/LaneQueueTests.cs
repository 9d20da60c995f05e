using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Lanes;
using Notify.Sending.Providers;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Lanes;

public sealed class LaneQueueTests
{
    private readonly LaneQueue _queue = new();

    [Fact]
    public void Tenant_with_one_job_does_not_wait_behind_another_with_a_thousand()
    {
        Add("big", 1_000);
        var one = Assert.Single(Add("small", 1));

        Assert.Contains(one, Take(2));
    }

    [Fact]
    public void Tenants_take_turns_while_they_have_jobs()
    {
        Add("a", 10);
        Add("b", 3);
        Add("c", 10);

        Assert.Equal(["a", "b", "c", "a", "b", "c"], Take(6).Select(job => job.Key.Tenant));
        Assert.Equal(["a", "b", "c", "a", "c", "a", "c"], Take(7).Select(job => job.Key.Tenant));
    }

    [Fact]
    public void Tenant_of_twice_the_weight_has_twice_the_turns()
    {
        _queue.Add([.. Enumerable.Range(0, 10).Select(i => Jobs.Job("heavy", $"p{i}", weight: 2))]);
        Add("light", 10);

        Assert.Equal(["heavy", "heavy", "light", "heavy", "heavy", "light"], Take(6).Select(job => job.Key.Tenant));
    }

    [Fact]
    public void Persons_next_message_comes_only_when_the_one_before_is_done()
    {
        DeliveryJob[] jobs = [Jobs.Job(address: "p"), Jobs.Job(address: "p"), Jobs.Job(address: "q"), Jobs.Job(address: "p")];
        _queue.Add(jobs);

        Assert.Equal([jobs[0], jobs[2]], Take(10));
        _queue.Done(jobs[2]);
        Assert.Empty(Take(10));
        Assert.Equal(0, _queue.Count);
        _queue.Done(jobs[0]);
        Assert.Equal(1, _queue.Count);
        Assert.Equal([jobs[1]], Take(10));
        _queue.Done(jobs[1]);
        Assert.Equal([jobs[3]], Take(10));
    }

    [Fact]
    public void Same_address_of_two_tenants_is_two_persons()
    {
        _queue.Add([Jobs.Job("a", "p"), Jobs.Job("b", "p")]);

        Assert.Equal(2, Take(10).Count);
    }

    [Fact]
    public void What_is_put_back_comes_first_again_in_its_order_and_before_what_came_later()
    {
        var jobs = Add("a", 3);
        Assert.Equal(jobs, Take(3));
        var later = Jobs.Job("a", jobs[0].Delivery.Address);
        _queue.Add([later]);
        _queue.Settle(jobs);

        Assert.Equal(4, _queue.Count);
        Assert.Equal(jobs, Take(10));
        _queue.Done(jobs[0]);
        Assert.Equal([later], Take(10));
    }

    [Fact]
    public void Persons_messages_keep_their_order_when_the_first_is_put_back()
    {
        DeliveryJob[] jobs = [Jobs.Job(address: "p"), Jobs.Job(address: "p"), Jobs.Job(address: "p")];
        _queue.Add(jobs);
        Assert.Equal([jobs[0]], Take(10));
        _queue.Settle([jobs[0]]);

        foreach (var job in jobs)
        {
            Assert.Equal([job], Take(10));
            _queue.Done(job);
        }
        Assert.Equal(0, _queue.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_happens_each_job_comes_once_and_each_person_has_one_at_a_time_in_order(int seed)
    {
        var random = new Random(seed);
        var added = new List<DeliveryJob>();
        var done = new List<DeliveryJob>();
        var away = new List<DeliveryJob>();
        for (var step = 0; step < 3_000 || done.Count < added.Count; step++)
        {
            Assert.True(step < 100_000, "Jobs were lost: the queue gives none although not all are done.");
            switch (random.Next(4))
            {
                case 0 when step < 3_000:
                    var jobs = Enumerable
                        .Range(0, random.Next(4))
                        .Select(_ => Jobs.Job($"t{random.Next(3)}", $"p{random.Next(5)}"))
                        .ToList();
                    added.AddRange(jobs);
                    _queue.Add(jobs);
                    break;
                case 1:
                    var room = random.Next(6);
                    var taken = Take(room);
                    Assert.True(taken.Count <= room);
                    away.AddRange(taken);
                    Assert.Equal(away.Count, away.Select(job => job.Person).Distinct().Count());
                    break;
                case 2:
                    var back = away.Where(_ => random.Next(2) == 0).ToList();
                    away.RemoveAll(back.Contains);
                    _queue.Settle(back);
                    break;
                case 3 when away.Count > 0:
                    var job = away[random.Next(away.Count)];
                    away.Remove(job);
                    done.Add(job);
                    _queue.Done(job);
                    break;
            }
        }

        Assert.Equal(added.Select(job => job.Key.Id).Order(), done.Select(job => job.Key.Id).Order());
        foreach (var person in added.GroupBy(job => job.Person))
            Assert.Equal(person, done.Where(job => job.Person == person.Key));
        Assert.Empty(Take(1));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void What_is_read_again_after_each_rebalance_does_not_pile_up_while_nothing_goes()
    {
        for (var rebalance = 0; rebalance < 20; rebalance++)
            Withdraw(Add("a", 500));
        Add("a", 500);

        Assert.InRange(_queue.Count, 500, 1_500);
    }

    [Fact]
    public void Rebalances_strand_nobody_behind_a_message_that_is_gone_and_keep_each_persons_order()
    {
        var stays = new List<DeliveryJob>();
        for (var rebalance = 0; rebalance < 10; rebalance++)
        {
            var jobs = Enumerable.Range(0, 300).Select(i => Jobs.Job(address: $"p{i % 7}")).ToList();
            _queue.Add(jobs);
            _queue.Settle(Take(50));
            Withdraw([.. jobs.Take(290)]);
            stays.AddRange(jobs.Skip(290)); // of a partition that stayed
        }

        var done = new List<DeliveryJob>();
        while (Take(5) is { Count: > 0 } taken)
        {
            foreach (var job in taken)
            {
                if (!job.Record.HasEnded)
                    done.Add(job);
                _queue.Done(job);
            }
        }
        Assert.Equal(0, _queue.Count);
        foreach (var person in stays.GroupBy(job => job.Person))
            Assert.Equal(person, done.Where(job => job.Person == person.Key));
        Assert.Equal(stays.Count, done.Count);
    }

    private static void Withdraw(List<DeliveryJob> jobs)
    {
        foreach (var job in jobs)
        {
            job.Record.Hold();
            job.Record.Withdraw();
        }
    }

    private List<DeliveryJob> Take(int max)
    {
        var taken = new List<DeliveryJob>();
        while (taken.Count < max && _queue.TryTake(out var job))
            taken.Add(job);
        return taken;
    }

    private List<DeliveryJob> Add(string tenant, int count)
    {
        var jobs = Enumerable.Range(0, count).Select(i => Jobs.Job(tenant, $"p{i}")).ToList();
        _queue.Add(jobs);
        return jobs;
    }
}
