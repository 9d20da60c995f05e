using Notify.Api.Notifications;

namespace Notify.Tests.Api.Notifications;

public sealed class RecentKeysTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly RecentKeys _keys = new(2);

    [Fact]
    public void Oldest_is_forgotten_where_there_is_no_room()
    {
        Assert.True(_keys.TryAdd("a", Entry('r')));
        Assert.True(_keys.TryAdd("b", Entry('r')));
        Assert.False(_keys.TryAdd("a", Entry('r')));
        Assert.True(_keys.TryAdd("c", Entry('r')));
        Assert.Null(_keys.Find("a"));
        Assert.Equal(["b", "c"], new[] { "a", "b", "c" }.Where(name => _keys.Find(name) is not null));
    }

    [Fact]
    public void One_takes_over_what_failed()
    {
        _keys.TryAdd("a", Entry('r'));
        _keys.Update("a", Entry('f'));
        Assert.True(_keys.TryReplace("a", Entry('f'), Entry('r')));
        Assert.False(_keys.TryReplace("a", Entry('f'), Entry('r')));
    }

    [Fact]
    public void What_is_forgotten_does_not_come_back()
    {
        _keys.TryAdd("a", Entry('r'));
        _keys.Forget("a");
        _keys.Update("a", Entry('d'));
        Assert.Null(_keys.Find("a"));
    }

    [Theory]
    [InlineData('r')]
    [InlineData('d')]
    public void Entry_is_read_as_it_was_written(char state) => Assert.Equal(Entry(state), KeyEntry.Parse(Entry(state).Text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d|f|no id|1")]
    [InlineData("done|f|019aa685-7f35-7a0b-89f5-cbc50e3c3c4e|1")]
    [InlineData("d|f|019aa685-7f35-7a0b-89f5-cbc50e3c3c4e|then")]
    public void What_is_no_entry_is_not_read(string? text) => Assert.Null(KeyEntry.Parse(text));

    private static KeyEntry Entry(char state) => new(state, "fingerprint", new Guid("019aa685-7f35-7a0b-89f5-cbc50e3c3c4e"), At);
}
