using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Sending.Lanes;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Lanes;

/// <summary>Messages of one person that are put aside come back in their order.</summary>
public sealed class ParkedLinesTests
{
    private static readonly (string, string) Person = ("acme", "p");
    private readonly ManualTime _time = new();
    private readonly ParkedLines _lines;
    private readonly DeliveryKey[] _keys;

    public ParkedLinesTests()
    {
        _lines = new(_time);
        _keys = [.. Enumerable.Range(0, 4).Select(i => new DeliveryKey("acme", UuidV7.New(_time.GetUtcNow().AddMilliseconds(i))))];
    }

    [Fact]
    public void What_comes_after_one_that_was_put_aside_waits_behind_it_in_its_order()
    {
        Assert.Null(_lines.Behind(Person, _keys[0]));
        Park(0, dueIn: 5);

        var (second, third) = (_lines.Behind(Person, _keys[1]), _lines.Behind(Person, _keys[2]));

        Assert.Equal(new ParkedRow(_keys[1], DeliveryReasons.AddressLimit, In(5) + Ms(1), "scope"), second);
        Assert.Equal(In(5) + Ms(2), third?.DueAt);
        Assert.Null(_lines.Behind(("acme", "other"), _keys[3]));
        Assert.Null(_lines.Behind(("other", "p"), _keys[3]));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(_lines.Behind(Person, _keys[0])); // it is back, and the first
        _lines.Leave(Person, _keys[0]);
        Assert.Null(_lines.Behind(Person, _keys[1]));
        Assert.NotNull(_lines.Behind(Person, _keys[3])); // new, while the others are under way
        _lines.Leave(Person, _keys[1]);
        _lines.Leave(Person, _keys[2]);
        Assert.Null(_lines.Behind(Person, _keys[3]));
        _lines.Leave(Person, _keys[3]);
        Assert.Equal(0, _lines.Count);
    }

    [Fact]
    public void First_that_is_put_aside_once_more_stays_the_first()
    {
        Park(0, dueIn: 5);
        _lines.Behind(Person, _keys[1]);
        _lines.Behind(Person, _keys[2]);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(_lines.Behind(Person, _keys[0]));
        Park(0, dueIn: 9);

        Assert.Equal(In(9) + Ms(1), _lines.Behind(Person, _keys[1])?.DueAt);
        Assert.Equal(In(9) + Ms(2), _lines.Behind(Person, _keys[2])?.DueAt);
        Assert.Equal(3, _lines.Count);
    }

    [Fact]
    public void One_that_does_not_come_back_holds_up_the_others_for_half_a_minute()
    {
        Park(0, dueIn: 5);
        Assert.NotNull(_lines.Behind(Person, _keys[1]));
        _time.Advance(TimeSpan.FromSeconds(5) + ParkedLines.Patience);
        Assert.NotNull(_lines.Behind(Person, _keys[1]));

        _time.Advance(Ms(1));

        Assert.Null(_lines.Behind(Person, _keys[1]));
        _lines.Leave(Person, _keys[1]);
        Assert.Equal(0, _lines.Count);
    }

    [Fact]
    public void Time_in_which_the_channel_stands_still_does_not_count()
    {
        Park(0, dueIn: 5);
        _lines.StandStill(In(3_600));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.NotNull(_lines.Behind(Person, _keys[1]));
        Assert.Null(_lines.Behind(Person, _keys[0]));
    }

    [Fact]
    public void Lines_are_bounded()
    {
        for (var i = 0; i < ParkedLines.Most + 10; i++)
        {
            var key = new DeliveryKey("acme", UuidV7.New(_time.GetUtcNow()));
            _lines.Park(("acme", $"p{i % 5_000}"), new(key, DeliveryReasons.ProviderPaused, In(1)));
        }

        Assert.Equal(ParkedLines.Most, _lines.Count);
        Assert.Null(_lines.Behind(("acme", "p0"), _keys[0]));
    }

    private void Park(int index, int dueIn) => _lines.Park(Person, new(_keys[index], DeliveryReasons.AddressLimit, In(dueIn), "scope"));

    private DateTimeOffset In(int seconds) => _time.GetUtcNow().AddSeconds(seconds);

    private static TimeSpan Ms(int count) => TimeSpan.FromMilliseconds(count);
}
