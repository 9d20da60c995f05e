using Microsoft.Extensions.Logging.Abstractions;
using Notify.Core.Caching;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using StackExchange.Redis;

namespace Notify.Tests.Core.Caching;

public sealed class RedisCallsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();
    private readonly RedisRest _rest;
    private int _asked;

    public RedisCallsTests() => _rest = new(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_caller_waits_for_a_Redis_that_does_not_answer_and_the_others_go_on_without_it()
    {
        await AfterLimitAsync(TryAsync(Never));

        for (var i = 0; i < 100; i++)
            await AtOnceAsync(TryAsync(Never), null);
        _time.Advance(Rest - TimeSpan.FromMilliseconds(1));
        await AtOnceAsync(TryAsync(Never), null);

        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task After_each_rest_one_caller_asks_again()
    {
        await AfterLimitAsync(TryAsync(Never));
        for (var rest = 1; rest <= 3; rest++)
        {
            _time.Advance(Rest);
            var looking = TryAsync(Never);
            for (var i = 0; i < 100; i++)
                await AtOnceAsync(TryAsync(Never), null);
            Assert.Equal(1 + rest, _asked);
            await AfterLimitAsync(looking);
            await AtOnceAsync(TryAsync(Never), null);
            Assert.Equal(1 + rest, _asked);
        }
    }

    [Fact]
    public async Task Redis_that_answers_again_is_asked_by_all()
    {
        await AfterLimitAsync(TryAsync(Never));
        _time.Advance(Rest);

        for (var i = 0; i < 10; i++)
            await AtOnceAsync(TryAsync(Answer), "answer");

        Assert.Equal(11, _asked);
    }

    [Fact]
    public async Task Redis_that_is_away_rests_too()
    {
        await AtOnceAsync(TryAsync(() => throw new TimeoutException()), null);
        await AtOnceAsync(TryAsync(Answer), null);

        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task What_must_not_be_left_out_is_asked_while_Redis_rests_and_its_answer_ends_the_rest()
    {
        await AfterLimitAsync(TryAsync(Never));
        await AfterLimitAsync(RedisCalls.InsistAsync(Never, _rest, NullLogger.Instance));
        await AtOnceAsync(TryAsync(Answer), null);
        Assert.Equal(2, _asked);

        await AtOnceAsync(RedisCalls.InsistAsync(Answer, _rest, NullLogger.Instance), "answer");
        await AtOnceAsync(TryAsync(Answer), "answer");
        Assert.Equal(4, _asked);
    }

    [Fact]
    public async Task Refusal_is_an_answer()
    {
        await using var server = new RespServer();
        using var connection = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var database = connection.GetDatabase();

        Assert.Equal(
            0,
            await RedisCalls
                .TryAsync(() => database.StringIncrementAsync("k"), _rest, NullLogger.Instance)
                .WaitAsync(TimeSpan.FromSeconds(60), Cancel)
        ); // it does not know INCR
        await AtOnceAsync(TryAsync(Answer), "answer");
    }

    [Fact]
    public async Task Caller_with_a_memory_of_its_own_is_not_held_back()
    {
        await AfterLimitAsync(TryAsync(Never));

        await AtOnceAsync(RedisCalls.TryAsync(Answer, NullLogger.Instance), "answer");
    }

    private Task<string?> TryAsync(Func<Task<string>> call) => RedisCalls.TryAsync(call, _rest, NullLogger.Instance);

    /// <summary>Its timer is there when the call returns.</summary>
    private async Task AfterLimitAsync(Task<string?> call)
    {
        Assert.False(call.IsCompleted);
        _time.Advance(Limit);
        Assert.Null(await call.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
    }

    private static async Task AtOnceAsync(Task<string?> call, string? answer)
    {
        Assert.True(call.IsCompleted);
        Assert.Equal(answer, await call);
    }

    private Task<string> Never()
    {
        _asked++;
        return new TaskCompletionSource<string>().Task;
    }

    private Task<string> Answer()
    {
        _asked++;
        return Task.FromResult("answer");
    }
}
