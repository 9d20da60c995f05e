using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Contract;
using Aspire.Hosting.Dashboard.Serving;

namespace Notify.Tests.StandIns.Dashboard.Serving;

public sealed class ConsoleLogsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_come_as_they_are_written()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var logs = await FollowAsync(app.Peer);

        app.Source.Logs.Writer.TryWrite([new LogLine(1, "listening", false), new LogLine(2, "größer 🚀", true)]);
        var first = await NextAsync(logs);
        app.Source.Logs.Writer.TryWrite([new LogLine(3, "", false)]);

        Assert.Equal([(1, "listening", false), (2, "größer 🚀", true)], first.LogLines.Select(line => (line.LineNumber, line.Text, line.IsStdErr)));
        Assert.Equal(3, Assert.Single((await NextAsync(logs)).LogLines).LineNumber);
    }

    [Fact]
    public async Task Call_that_does_not_follow_ends_with_the_lines_there_are()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);

        using var logs = await app.Peer.CallAsync(
            "WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = "api", SuppressFollow = true }, Cancel);

        Assert.Equal("all of api", Assert.Single((await NextAsync(logs)).LogLines).Text);
        Assert.Equal(GrpcStatus.Ok, (await logs.EndAsync(Cancel)).Status);
    }

    [Fact]
    public async Task Long_batch_is_sent_in_parts_and_a_longer_line_is_cut()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var logs = await FollowAsync(app.Peer);
        var half = new string('a', 150_000);
        var tooLong = new string('b', 1_000_000);

        app.Source.Logs.Writer.TryWrite([new LogLine(1, half, false), new LogLine(2, half, false), new LogLine(3, tooLong, false), new LogLine(4, "end", false)]);

        var parts = new List<WatchResourceConsoleLogsUpdate>();
        while (parts.Sum(part => part.LogLines.Count) < 4)
            parts.Add(await NextAsync(logs));
        Assert.Equal([1, 2, 3, 4], parts.SelectMany(part => part.LogLines).Select(line => line.LineNumber));
        Assert.All(parts, part => Assert.InRange(part.CalculateSize(), 1, 1_000_000));
        Assert.Equal(256 * 1024, parts.SelectMany(part => part.LogLines).Single(line => line.LineNumber == 3).Text.Length);
    }

    [Fact]
    public async Task Reader_that_disconnects_is_let_go()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        var logs = await FollowAsync(app.Peer);
        app.Source.Logs.Writer.TryWrite([new LogLine(1, "listening", false)]);
        await NextAsync(logs);

        logs.Dispose();

        await app.Source.LogsEnded.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private static Task<GrpcReply> FollowAsync(GrpcPeer peer) =>
        peer.CallAsync("WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = "api" }, Cancel);

    private static async Task<WatchResourceConsoleLogsUpdate> NextAsync(GrpcReply logs) =>
        await logs.NextAsync(WatchResourceConsoleLogsUpdate.Parser, Cancel) ?? throw new InvalidOperationException("The log has ended.");
}
