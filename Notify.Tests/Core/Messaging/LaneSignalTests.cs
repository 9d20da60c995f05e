using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class LaneSignalTests
{
    private readonly LaneSignal _signal = new();

    [Fact]
    public async Task Change_after_it_was_asked_for_is_told_to_all_who_asked()
    {
        var (one, other) = (_signal.Next, _signal.Next);
        Assert.False(one.IsCompleted);

        _signal.Set();

        await Task.WhenAll(one, other);
        Assert.False(_signal.Next.IsCompleted);
    }

    [Fact]
    public void Change_that_nobody_waited_for_is_over()
    {
        _signal.Set();
        Assert.False(_signal.Next.IsCompleted);
    }

    [Fact]
    public async Task No_change_is_missed_that_comes_after_the_look_began()
    {
        const int Changes = 20_000;
        var made = 0;
        var making = Task.Run(
            () =>
            {
                for (var i = 0; i < Changes; i++)
                {
                    Volatile.Write(ref made, i + 1);
                    _signal.Set();
                }
            },
            TestContext.Current.CancellationToken
        );
        while (true)
        {
            var next = _signal.Next; // before the look
            if (Volatile.Read(ref made) == Changes)
                break;
            await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
        await making;
    }
}
