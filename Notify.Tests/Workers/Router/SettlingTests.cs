using Microsoft.Extensions.Options;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Release;

namespace Notify.Tests.Workers.Router;

public sealed class SettlingTests
{
    private readonly ManualTime _time = new(new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly Settling _settling;

    public SettlingTests() => _settling = new(Options.Create(new RouterOptions { SettlingTime = TimeSpan.FromSeconds(20) }), _time);

    [Fact]
    public void It_is_over_when_Postgres_answered_for_its_time()
    {
        Assert.False(_settling.IsOver);
        Look(seconds: 19);
        Assert.False(_settling.IsOver);
        Look(seconds: 1);
        Assert.True(_settling.IsOver);
    }

    [Theory]
    [InlineData(true)] // a look that took that long
    [InlineData(false)] // looks that failed, and the first that comes
    public void Gap_starts_it_anew(bool blocked)
    {
        Look(seconds: 30);
        _time.Now += TimeSpan.FromSeconds(25);
        if (!blocked)
            Assert.False(_settling.IsOver); // the first look behind the gap takes no claim either
        _settling.Looked();
        Assert.False(_settling.IsOver);
        Look(seconds: 19);
        Assert.False(_settling.IsOver);
        Look(seconds: 1);
        Assert.True(_settling.IsOver);
    }

    [Fact]
    public void Pause_between_looks_is_no_gap()
    {
        Look(seconds: 30);
        _time.Now += TimeSpan.FromSeconds(2);
        Assert.True(_settling.IsOver);
        _settling.Looked();
        Assert.True(_settling.IsOver);
    }

    private void Look(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Now += TimeSpan.FromSeconds(1);
            _settling.Looked();
        }
    }
}
