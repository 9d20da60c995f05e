using Aspire.Hosting.Dashboard.Running;

namespace Notify.Tests.StandIns.Dashboard.Running;

public sealed class FolderLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-dashboard-").FullName;

    [Fact]
    public async Task Second_waits_until_the_first_is_done()
    {
        var cancel = TestContext.Current.CancellationToken;
        var path = Path.Combine(_folder, "new", ".lock");
        var first = await FolderLock.TakeAsync(path, TimeProvider.System, cancel);

        var second = FolderLock.TakeAsync(path, TimeProvider.System, cancel);
        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second).Dispose();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
