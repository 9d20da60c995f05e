using System.Globalization;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Limits;
using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Limits;

/// <summary>Replicas on one server. Each test has a credential of its own.</summary>
public sealed class RateLimiterTests(RedisProcess server) : IClassFixture<RedisProcess>, IAsyncLifetime
{
    private const double NoRefill = 0.000_1; // so little a second that only the burst counts
    private readonly string _credential = Guid.NewGuid().ToString();
    private readonly List<Replica> _replicas = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
    }

    [Theory]
    [InlineData(2_000, 200, 4, 3_000)]
    [InlineData(10_000, 10_000, 3, 20_000)]
    [InlineData(500, 3, 4, 400)]
    [InlineData(5, 1, 3, 8)]
    public async Task Replicas_together_take_no_more_than_rate_and_burst(double rate, int burst, int replicas, int until)
    {
        var limiters = new List<RateLimiter>();
        for (var i = 0; i < replicas; i++)
            limiters.Add(await LimiterAsync(new(rate, burst)));
        var total = 0;
        var started = await ServerTimeAsync();

        await Task.WhenAll(
            limiters.Select(
                (limiter, index) =>
                    Task.Run(
                        async () =>
                        {
                            while (Volatile.Read(ref total) < until)
                            {
                                await limiter.WaitAsync(critical: index == 0, Cancel);
                                var taken = limiter.TryTake(7, critical: index == 0);
                                var used = taken > 1 ? taken - 1 : taken;
                                Interlocked.Add(ref total, used);
                                limiter.Return(taken - used, critical: index == 0);
                            }
                        },
                        Cancel
                    )
            )
        );

        var elapsed = await ServerTimeAsync() - started;
        Assert.All(limiters, limiter => Assert.False(limiter.IsLocal));
        Assert.InRange(total, until, (rate * elapsed.TotalSeconds) + burst);
    }

    [Fact]
    public async Task Reserve_is_for_critical_messages_alone()
    {
        var options = new LimitOptions { CriticalReserve = 0.2 };
        var (standard, critical) = (await LimiterAsync(new(NoRefill, 10), options), await LimiterAsync(new(NoRefill, 10), options));

        Assert.Equal(8, await TakeAllAsync(standard, critical: false, 8));
        Assert.Equal(0, standard.TryTake(1, critical: false));
        Assert.Equal(2, await TakeAllAsync(critical, critical: true, 2));
        Assert.InRange(await TokensAsync(critical), 0, 0.9);
        Assert.Equal(0, critical.TryTake(1, critical: true));
    }

    [Fact]
    public async Task Burst_of_one_leaves_something_for_ordinary_messages()
    {
        var limiter = await LimiterAsync(new(NoRefill, 1), new() { CriticalReserve = 0.9 });

        Assert.Equal(1, await TakeAllAsync(limiter, critical: false, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pause_holds_in_all_replicas_and_the_longest_wins(bool limited)
    {
        RateLimit? limit = limited ? new(1_000, 1_000) : null;
        var (told, other) = (await LimiterAsync(limit), await LimiterAsync(limit));
        var end = TimeProvider.System.GetUtcNow().AddMinutes(10);

        told.PauseUntil(end);
        told.PauseUntil(end.AddMinutes(-5));

        Assert.Equal(end, told.PausedUntil);
        Assert.Equal(0, told.TryTake(1, critical: true));
        await Until.TrueAsync(
            () => other.TryTake(1, critical: true) == 0 && other.PausedUntil is not null,
            "The other replica hears of the pause.",
            Cancel
        );
        Assert.InRange(other.PausedUntil!.Value, end.AddMinutes(-1), end.AddMinutes(1));
    }

    [Fact]
    public async Task Wait_ends_when_it_is_cancelled_or_the_limiter_is_gone()
    {
        var limiter = await LimiterAsync(new(NoRefill, 1));
        Assert.Equal(1, await TakeAllAsync(limiter, critical: false, 1));
        using var cancelled = new CancellationTokenSource();

        var first = limiter.WaitAsync(critical: false, cancelled.Token);
        var second = limiter.WaitAsync(critical: true, Cancel);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await limiter.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => second);
        Assert.Equal(0, limiter.TryTake(1, critical: true));
    }

    [Fact]
    public async Task Returned_permit_ends_a_wait()
    {
        var limiter = await LimiterAsync(new(NoRefill, 1), new() { LeaseTime = TimeSpan.FromSeconds(5) });
        Assert.Equal(1, await TakeAllAsync(limiter, critical: false, 1));

        var waiting = limiter.WaitAsync(critical: false, Cancel);
        limiter.Return(1, critical: false);
        await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        Assert.Equal(1, limiter.TryTake(5, critical: false));
    }

    [Fact]
    public async Task Unused_permits_go_back_when_their_time_is_over()
    {
        var time = new ManualTime();
        var limiter = await LimiterAsync(new(10, 1_000), new() { LeaseTime = TimeSpan.FromSeconds(5) }, time);
        await limiter.WaitAsync(critical: false, Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Equal(1, limiter.TryTake(1, critical: false));

        time.Advance(TimeSpan.FromSeconds(10));

        await Until.GetAsync<object>(async () => await TokensAsync(limiter) >= 999 ? this : null, _ => "The lease goes back.", Cancel);
        Assert.Equal(0, limiter.TryTake(1, critical: false));
    }

    [Fact]
    public async Task Unused_permits_go_back_when_the_process_ends()
    {
        var limiter = await LimiterAsync(new(0.2, 1_000), new() { LeaseTime = TimeSpan.FromSeconds(5) });
        await limiter.WaitAsync(critical: true, Cancel);

        await limiter.DisposeAsync();

        Assert.Equal(1_000, await TokensAsync(limiter), precision: 3);
    }

    [Fact]
    public async Task Flushed_server_costs_at_most_one_burst()
    {
        var limiter = await LimiterAsync(new(NoRefill, 5), new() { CriticalReserve = 0 });
        Assert.Equal(5, await TakeAllAsync(limiter, critical: true, 5));
        await limiter.DisposeAsync(); // or a question of its own that is still under way takes from the new bucket

        await server.Connection.GetDatabase().KeyDeleteAsync(limiter.Key);

        var other = await LimiterAsync(new(NoRefill, 5), new() { CriticalReserve = 0 });
        Assert.Equal(5, await TakeAllAsync(other, critical: true, 5));
        Assert.InRange(await TokensAsync(other), 0, 0.9);
    }

    [Fact]
    public async Task Idle_bucket_is_not_kept()
    {
        var limiter = await LimiterAsync(new(10, 10));
        Assert.Equal(10, await TakeAllAsync(limiter, critical: true, 10));

        var life = await server.Connection.GetDatabase().KeyTimeToLiveAsync(limiter.Key);

        Assert.InRange(life!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(2.1));
    }

    private async Task<RateLimiter> LimiterAsync(RateLimit? limit, LimitOptions? options = null, TimeProvider? time = null)
    {
        var replica = await Replica.StartAsync(server.Address, options, time);
        _replicas.Add(replica);
        return replica.Limiters.For("sandbox", _credential, limit);
    }

    /// <summary>Takes one at a time until there were so many.</summary>
    private static async Task<int> TakeAllAsync(RateLimiter limiter, bool critical, int expected)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        var taken = 0;
        while (taken < expected)
        {
            await limiter.WaitAsync(critical, deadline.Token);
            taken += limiter.TryTake(1, critical);
        }
        return taken;
    }

    private async Task<double> TokensAsync(RateLimiter limiter)
    {
        string? kept = await server.Connection.GetDatabase().StringGetAsync(limiter.Key);
        return kept is null ? double.NaN : double.Parse(kept.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private async Task<TimeSpan> ServerTimeAsync()
    {
        var parts = (string[])(await server.Connection.GetDatabase().ScriptEvaluateAsync("return redis.call('TIME')"))!;
        return TimeSpan.FromSeconds(long.Parse(parts[0], CultureInfo.InvariantCulture))
            + TimeSpan.FromMicroseconds(long.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
