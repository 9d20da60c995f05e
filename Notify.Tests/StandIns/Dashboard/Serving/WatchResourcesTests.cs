using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Contract;
using Aspire.Hosting.Dashboard.Serving;
using Microsoft.Extensions.Logging.Abstractions;
using Resource = Aspire.Hosting.Dashboard.Contract.Resource;

namespace Notify.Tests.StandIns.Dashboard.Serving;

public sealed class WatchResourcesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_begins_with_a_snapshot_even_of_nothing()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);

        using var watch = await WatchAsync(app.Peer);

        Assert.Empty((await NextAsync(watch)).InitialData.Resources);
    }

    [Fact]
    public async Task Watch_goes_on_with_changes()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var watch = await WatchAsync(app.Peer);
        await NextAsync(watch);

        app.Source.Show(StubSource.Resource("api", "Starting"));
        Assert.Equal("Starting", await StateAsync(watch, "api"));
        app.Source.Show(StubSource.Resource("api", "Running"));

        Assert.Equal("Running", await StateAsync(watch, "api"));
    }

    [Fact]
    public async Task Later_watcher_sees_the_present_state_at_once()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var first = await WatchAsync(app.Peer);
        await NextAsync(first);
        app.Source.Show(StubSource.Resource("api", "Running"));
        await StateAsync(first, "api");

        using var second = await WatchAsync(app.Peer);

        var resource = Assert.Single((await NextAsync(second)).InitialData.Resources);
        Assert.Equal(("api", "Running"), (resource.Name, resource.State));
    }

    [Fact]
    public async Task Watcher_that_disconnects_takes_nothing_from_the_others()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var staying = await WatchAsync(app.Peer);
        await NextAsync(staying);
        var leaver = app.NewPeer(ServedApplication.Key);
        var left = await WatchAsync(leaver);
        await NextAsync(left);

        left.Dispose();
        leaver.Dispose();
        app.Source.Show(StubSource.Resource("api", "Running"));
        Assert.Equal("Running", await StateAsync(staying, "api"));
        app.Source.Show(StubSource.Resource("api", "Exited"));

        Assert.Equal("Exited", await StateAsync(staying, "api"));
    }

    [Fact]
    public async Task Watcher_that_stops_reading_holds_up_nobody()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var stalled = await app.Peer.CallAsync("WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = "api" }, Cancel);
        var line = new string('x', 200_000);
        for (var i = 0; i < 50; i++)   // ten megabytes: far more than a connection takes unread
            Assert.True(app.Source.Logs.Writer.TryWrite([new LogLine(i, line, false)]));
        using var other = app.NewPeer(ServedApplication.Key);
        using var watch = await WatchAsync(other);
        await NextAsync(watch);

        app.Source.Show(StubSource.Resource("api", "Running"));

        Assert.Equal("Running", await StateAsync(watch, "api"));
        await app.Source.LogsEnded.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancel);   // it is dropped in the end
    }

    [Fact]
    public async Task Slow_watcher_gets_only_the_newest_state_of_each()
    {
        var source = new StubSource();
        var board = new ResourceBoard(TimeProvider.System, NullLogger.Instance);
        using var subscription = board.Subscribe();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var following = board.FollowAsync(source, stop.Token);
        for (var i = 0; i < 1000; i++)
            source.Show(StubSource.Resource($"worker-r{i % 2}", i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        source.Show(StubSource.Resource("last", "Running"));

        Resource[] seen;
        do
        {
            using var probe = board.Subscribe();
            seen = [.. probe.Initial];
            await Task.Yield();
        }
        while (seen.All(resource => resource.Name != "last"));

        Assert.Equal(["last:Running", "worker-r0:998", "worker-r1:999"],
            (await subscription.TakeAsync(Cancel)).Select(resource => $"{resource.Name}:{resource.State}").Order());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Resource_that_cannot_be_shown_does_not_cost_the_others()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var watch = await WatchAsync(app.Peer);
        await NextAsync(watch);

        app.Source.Show(StubSource.Resource(" ", "Running"));
        app.Source.Show(StubSource.Resource("api", "Running"));

        Assert.Equal("Running", await StateAsync(watch, "api"));
    }

    [Fact]
    public async Task Creation_time_stays_when_the_host_gives_none()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var watch = await WatchAsync(app.Peer);
        await NextAsync(watch);

        app.Source.Show(StubSource.Resource("api", "Starting"));
        var first = Assert.Single((await NextAsync(watch)).Changes.Value).Upsert.CreatedAt;
        app.Source.Show(StubSource.Resource("api", "Running"));

        Assert.Equal(first, Assert.Single((await NextAsync(watch)).Changes.Value).Upsert.CreatedAt);
    }

    private static Task<GrpcReply> WatchAsync(GrpcPeer peer) => peer.CallAsync("WatchResources", new WatchResourcesRequest { IsReconnect = false }, Cancel);

    private static async Task<WatchResourcesUpdate> NextAsync(GrpcReply watch) =>
        await watch.NextAsync(WatchResourcesUpdate.Parser, Cancel) ?? throw new InvalidOperationException("The watch has ended.");

    private static async Task<string> StateAsync(GrpcReply watch, string name) =>
        Assert.Single((await NextAsync(watch)).Changes.Value, change => change.Upsert.Name == name).Upsert.State;
}
