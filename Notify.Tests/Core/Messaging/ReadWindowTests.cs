using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class ReadWindowTests
{
    private static readonly TimeSpan Now = TimeSpan.Zero;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(100, 5)]
    [InlineData(5_000, 100)]
    public void Full_window_has_room_again_for_a_batch_and_not_for_each_record(int size, int batch)
    {
        var window = new ReadWindow(size);
        Assert.Equal(size, window.WaitForRoom(Now, Cancel).Records);
        window.Opened(size);
        for (var ended = 0; ended < batch; ended++)
        {
            Assert.Equal(0, window.WaitForRoom(Now, Cancel).Records);
            window.Ended();
        }

        Assert.Equal(batch, window.WaitForRoom(Now, Cancel).Records);
    }

    [Fact]
    public void What_is_left_of_an_open_window_may_be_read()
    {
        var window = new ReadWindow(1_000);
        window.Opened(400);
        Assert.Equal(600, window.WaitForRoom(Now, Cancel).Records);
        window.Opened(560);
        Assert.Equal(0, window.WaitForRoom(Now, Cancel).Records); // less than a batch: not worth waking for
    }

    [Fact]
    public void Bytes_fill_a_window_too_and_one_record_may_always_be_read()
    {
        var window = new ReadWindow(1_000, maxBytes: 1_000);
        Assert.Equal(new ReadRoom(1_000, 1_000), window.WaitForRoom(Now, Cancel));
        window.Opened(2, 700);
        Assert.Equal(new ReadRoom(998, 300), window.WaitForRoom(Now, Cancel));
        window.Opened(1, 5_000);
        Assert.Equal(default, window.WaitForRoom(Now, Cancel));
        window.Ended(350);
        window.Ended(350);
        Assert.Equal(default, window.WaitForRoom(Now, Cancel));

        window.Ended(5_000);

        Assert.Equal(new ReadRoom(1_000, 1_000), window.WaitForRoom(Now, Cancel));
    }

    [Fact]
    public async Task Reader_is_woken_when_there_is_room()
    {
        var window = new ReadWindow(1);
        window.Opened(1);
        var waiting = Task.Run(() => window.WaitForRoom(TimeSpan.FromMinutes(1), Cancel), Cancel);

        window.Ended();

        Assert.Equal(1, (await waiting).Records);
    }
}
