using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Workers.Router;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router.Shares;

public sealed class TenantSharesTests
{
    private readonly TenantShares _shares = new(Options.Create(new RouterOptions { LaneWindow = 1_000, MinShare = 50 }));

    [Fact]
    public void Tenant_that_is_alone_has_the_whole_window()
    {
        Assert.Equal(1_000, Take("a", 5_000));
        Assert.Equal(0, Take("a", 1));
    }

    [Fact]
    public void Window_is_shared_by_those_that_use_the_lane()
    {
        Count(queued: [("a", 400), ("b", 10), ("c", 10), ("d", 10)]);

        Assert.Equal(0, Take("a", 100));
        Assert.Equal(240, Take("b", 1_000));
        Assert.Equal(200, Take("e", 1_000)); // the fifth
    }

    [Fact]
    public void Weights_decide_how_much_of_it_each_has()
    {
        Count(queued: [("a", 1), ("b", 1)], weights: new() { ["a"] = 3 });

        Assert.Equal(749, Take("a", 5_000));
        Assert.Equal(249, Take("b", 5_000));
    }

    [Fact]
    public void Nobodys_share_is_below_the_least()
    {
        Count(queued: [.. Enumerable.Range(0, 400).Select(i => ($"t{i}", 1))]);

        Assert.Equal(49, Take("t7", 1_000));
        Assert.Equal(50, Take("new", 1_000));
    }

    [Fact]
    public void Lanes_and_channels_have_windows_of_their_own()
    {
        Assert.Equal(1_000, Take("a", 5_000));

        Assert.Equal(1_000, _shares.Take(Channel.Sms, Lane.Bulk, "b", 5_000));
        Assert.Equal(1_000, _shares.Take(Channel.Push, Lane.Standard, "b", 5_000));
        Assert.Equal(500, Take("b", 5_000));
    }

    [Fact]
    public void Who_has_a_backlog_goes_behind_it_although_there_is_room()
    {
        Count(queued: [("a", 10)], waiting: ["a"]);

        Assert.Equal(0, Take("a", 1));
        Assert.Equal([(Key("a"), 990)], _shares.Rooms());
        _shares.Released(Key("a"), 300);
        Assert.Equal([(Key("a"), 690)], _shares.Rooms());
    }

    [Fact]
    public void Who_got_less_than_it_wanted_waits_from_then_on()
    {
        Assert.Equal(1_000, Take("a", 1_001));
        Assert.Empty(_shares.Rooms());
        _shares.Written(Lane.Standard);
        Count(queued: [("a", 400)], waiting: ["a"]);

        Assert.Equal(0, Take("a", 1));
        Assert.Equal([(Key("a"), 600)], _shares.Rooms());
        _shares.Written(Lane.Standard);
        Count(queued: [("a", 400)]);
        Assert.Equal(1, Take("a", 1));
    }

    [Fact]
    public void What_is_added_while_a_count_runs_counts_on_top_of_it()
    {
        Assert.Equal(300, Take("a", 300));
        var counted = _shares.BeginCount();
        Assert.Equal(200, Take("a", 200));
        Assert.Equal(500, Take("a", 501)); // the count's rows and ours are both known meanwhile

        counted(new() { [Key("a")] = 100 }, [], new Dictionary<string, int>());

        Assert.Equal(0, Take("a", 1)); // it was told to wait, which the count may not have seen
        Assert.Equal([(Key("a"), 200)], _shares.Rooms());
    }

    [Fact]
    public void Count_that_began_before_the_rows_were_committed_ends_no_wait()
    {
        Assert.Equal(1_000, Take("a", 1_001)); // one waits, in a transaction that goes on
        Count(queued: [("a", 400)]);
        Assert.Equal(0, Take("a", 1));
        var counted = _shares.BeginCount();
        _shares.Written(Lane.Standard);
        counted(new() { [Key("a")] = 400 }, [], new Dictionary<string, int>());
        Assert.Equal(0, Take("a", 1));
        _shares.Written(Lane.Bulk); // another lane's
        Count(queued: [("a", 400)]);
        Assert.Equal(0, Take("a", 1));

        _shares.Written(Lane.Standard);
        Count(queued: [("a", 400)]);

        Assert.Equal(1, Take("a", 1));
    }

    [Fact]
    public void Lane_takes_what_came_due_up_to_twice_its_window_whoever_it_belongs_to()
    {
        Count(queued: [("a", 700), ("b", 600)]);
        _shares.Released(Key("c"), 100);
        Assert.Equal(600, _shares.RoomOf("sms", "standard"));
        Assert.Equal(2_000, _shares.RoomOf("sms", "bulk"));
        _shares.Released(Key("c"), 1_000);

        Assert.Equal(0, _shares.RoomOf("sms", "standard"));
    }

    [Fact]
    public void Smallest_shares_of_very_many_tenants_leave_a_window_for_what_came_due()
    {
        Count(queued: [.. Enumerable.Range(0, 500).Select(i => ($"t{i}", 50))]);
        Assert.Equal(1_000, _shares.RoomOf("sms", "standard"));

        Count(queued: [.. Enumerable.Range(0, 500).Select(i => ($"t{i}", 1))]);
        Assert.Equal(1_500, _shares.RoomOf("sms", "standard")); // shares that are not used make no room
    }

    [Fact]
    public void It_is_quiet_where_nothing_stands_and_nobody_waits()
    {
        Assert.True(_shares.IsQuiet);
        Take("a", 1);
        Assert.False(_shares.IsQuiet);
        Count(waiting: ["a"]);
        Assert.False(_shares.IsQuiet);
        Count();
        Assert.True(_shares.IsQuiet);
    }

    [Fact]
    public void Routing_threads_together_take_no_more_than_the_share()
    {
        var taken = 0;
        Parallel.For(0, 10_000, _ => Interlocked.Add(ref taken, Take("a", 1)));

        Assert.Equal(1_000, taken);
    }

    private static LaneTenant Key(string tenant) => new("sms", "standard", tenant);

    private int Take(string tenant, int wanted) => _shares.Take(Channel.Sms, Lane.Standard, tenant, wanted);

    private void Count((string Tenant, int Rows)[]? queued = null, string[]? waiting = null, Dictionary<string, int>? weights = null) =>
        _shares.BeginCount()(
            (queued ?? []).ToDictionary(entry => Key(entry.Tenant), entry => entry.Rows),
            [.. (waiting ?? []).Select(Key)],
            weights ?? []
        );
}
