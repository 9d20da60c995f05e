using Microsoft.Extensions.Logging.Abstractions;
using Notify.Core.Recipients;
using Notify.Core.Routing;
using Notify.Tests.Core.Caching;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Core.Routing;

public sealed class ProfileCacheTests
{
    private static readonly Profile Person = new() { RecipientId = "u1", Email = "ada@example.com" };
    private readonly ManualTime _time = new();
    private readonly SilentRedis _redis = new();
    private readonly ProfileCache _cache;

    public ProfileCacheTests() => _cache = new(_redis.Connection, NullLogger<ProfileCache>.Instance, new(_time));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looking_up_and_adding_for_a_hundred_tenants_waits_once_for_a_Redis_that_does_not_answer()
    {
        await AfterLimitAsync(_cache.FindAsync([("t0", "u1")]));

        for (var i = 0; i < 100; i++)
        {
            var found = _cache.FindAsync([($"t{i}", "u1"), ($"t{i}", "u2")]);
            Assert.True(found.IsCompleted);
            Assert.Empty(await found);
            var added = _cache.AddAsync([($"t{i}", Person)]);
            Assert.True(added.IsCompleted);
            await added;
        }

        Assert.Equal(["StringGetAsync"], _redis.Asked);
    }

    [Fact]
    public async Task Redis_is_found_back_after_a_second()
    {
        await AfterLimitAsync(_cache.FindAsync([("acme", "u1")]));
        _redis.Answer();
        await _cache.FindAsync([("acme", "u1")]);
        Assert.Equal(["StringGetAsync"], _redis.Asked);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _cache.FindAsync([("acme", "u1")]).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await _cache.AddAsync([("acme", Person)]).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        Assert.Equal(["StringGetAsync", "StringGetAsync", "StringSetAsync"], _redis.Asked);
    }

    [Fact]
    public async Task Invalidation_is_sent_and_waited_for_while_Redis_rests_and_finds_it_back()
    {
        await AfterLimitAsync(_cache.FindAsync([("acme", "u1")]));

        await AfterLimitAsync(_cache.InvalidateAsync("acme", "u1"));
        Assert.Equal(["StringGetAsync", "StringSetAsync"], _redis.Asked);

        var heard = _cache.InvalidateAsync("acme", "u1");
        Assert.False(heard.IsCompleted);
        _redis.Answer();
        await heard.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await _cache.FindAsync([("acme", "u1")]).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Equal(["StringGetAsync", "StringSetAsync", "StringSetAsync", "StringGetAsync"], _redis.Asked);
    }

    /// <summary>Its timer is there when the call returns.</summary>
    private async Task AfterLimitAsync(Task call)
    {
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await call.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }
}
