using Notify.Sending.Limits;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Limits;

public sealed class RedisAwayTests
{
    private static readonly LimitOptions Quarter = new() { CriticalReserve = 0.2, LocalFraction = 0.25 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Process_keeps_to_its_part_of_the_rate_while_Redis_is_away()
    {
        var time = new ManualTime();
        await using var replica = await Replica.StartAsync(Replica.NoRedis, Quarter, time);
        var limiter = replica.Limiters.For("sandbox", "away", new(100, 40));
        await AwayAsync(limiter);

        Assert.Equal(0, limiter.TryTake(100, critical: true)); // it starts empty
        time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(3, limiter.TryTake(100, critical: false)); // 25 a second for 0.2 s, less the reserve of 2
        Assert.Equal(2, limiter.TryTake(100, critical: true));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(8, limiter.TryTake(100, critical: false)); // a quarter of the burst, less the reserve
        limiter.Return(3, critical: false);
        Assert.Equal(3, limiter.TryTake(100, critical: false));
        var waiting = limiter.WaitAsync(critical: false, Cancel);
        Assert.False(waiting.IsCompleted);
        await Until.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                return waiting.IsCompleted;
            },
            "The wait ends when the process's own share has grown.",
            Cancel
        );
        Assert.NotEqual(0, limiter.TryTake(1, critical: false));
        Assert.Single(replica.Log);
    }

    [Fact]
    public async Task Pause_holds_while_Redis_is_away()
    {
        await using var replica = await Replica.StartAsync(Replica.NoRedis);
        var limiter = replica.Limiters.For("sandbox", "away", null);
        Assert.Equal(500, limiter.TryTake(500, critical: false));

        limiter.PauseUntil(TimeProvider.System.GetUtcNow().AddMinutes(10));

        Assert.Equal(0, limiter.TryTake(1, critical: true));
    }

    [Fact]
    public async Task Wait_ends_with_the_pause()
    {
        var time = new ManualTime(); // and no Redis: its answer tells how long a pause has still to go, by a clock of its own
        await using var replica = await Replica.StartAsync(Replica.NoRedis, time: time);
        var limiter = replica.Limiters.For("sandbox", "away", null);
        limiter.PauseUntil(time.GetUtcNow().AddSeconds(30));

        var waiting = limiter.WaitAsync(critical: false, Cancel);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        Assert.Null(limiter.PausedUntil);
        Assert.Equal(1_000_000, limiter.TryTake(1_000_000, critical: false));
    }

    [Fact]
    public async Task Bucket_counts_again_when_Redis_is_back()
    {
        await using var server = new RedisProcess();
        await server.InitializeAsync();
        var time = new ManualTime();
        await using var replica = await Replica.StartAsync(server.Address, Quarter, time);
        var limiter = replica.Limiters.For("sandbox", "back", new(100, 100));
        await limiter.WaitAsync(critical: false, Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Equal(1, limiter.TryTake(1, critical: false));
        Assert.False(limiter.IsLocal);

        await server.KillAsync();
        await AwayAsync(limiter, time);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.InRange(limiter.TryTake(1_000, critical: true), 1, 25);

        await server.StartAsync();
        await Until.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1)); // past the next probe
                limiter.TryTake(1, critical: true);
                return !limiter.IsLocal;
            },
            "The shared bucket is asked again.",
            Cancel
        );
        Assert.Equal(2, replica.Log.Count);
    }

    [Fact]
    public async Task Server_that_refuses_scripts_is_as_good_as_away_and_that_is_said_once()
    {
        await using var server = new RedisProcess { Scripts = false };
        await server.InitializeAsync();
        var time = new ManualTime();
        await using var replica = await Replica.StartAsync(server.Address, Quarter, time);
        foreach (var credential in new[] { "first", "second" })
        {
            var limiter = replica.Limiters.For("sandbox", credential, new(100, 100));
            await AwayAsync(limiter, time);
            time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(25, limiter.TryTake(1_000, critical: true));
        }

        Assert.Contains("does not run the rate limits' script", Assert.Single(replica.Log), StringComparison.Ordinal);
    }

    private static Task AwayAsync(RateLimiter limiter, ManualTime? time = null) =>
        Until.TrueAsync(
            () =>
            {
                time?.Advance(TimeSpan.FromSeconds(1)); // what was leased goes back, so that there is something to ask
                limiter.TryTake(1, critical: true);
                return limiter.IsLocal;
            },
            "It notices that Redis is away.",
            Cancel
        );
}
