using System.Net.Sockets;
using System.Text;
using Notify.Benchmarks.Sinks;

namespace Notify.Tests.Distributed.Benchmarks;

public sealed class SinkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void What_arrives_in_one_process_is_seen_in_another()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var mine = new SharedLongs(file, Arrivals.CellsOf(3));
            using var theirs = new SharedLongs(file, Arrivals.CellsOf(3));
            var seen = Arrivals.In(mine, 3);

            foreach (var number in new[] { 0, 2, 2, 7 })
                Arrivals.In(theirs, 3).Arrived(number);

            Assert.Equal((2, 1), (seen.Distinct, seen.Duplicates));
            Assert.Equal(seen.First, seen.TimeOf(0));
            Assert.True(seen.Last >= seen.First && seen.TimeOf(1) == 0);
            Assert.Equal(3, seen.Faults().Count());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Mail_sink_keeps_a_sample_of_a_mail_that_came_in_pieces_and_counts_connections()
    {
        await using var sink = new SmtpSink();
        var arrivals = sink.Expect(2);
        using var first = await ConnectAsync(sink);
        using var second = await ConnectAsync(sink);

        foreach (var piece in new[] { "Subject: a\r\n", "\r\nhello\r\n", ".\r\n" })
        {
            await first.GetStream().WriteAsync(Encoding.ASCII.GetBytes(piece), Cancel);
            await first.GetStream().FlushAsync(Cancel);
        }
        await AnswerAsync(first, "250 2.0.0");

        Assert.Equal("Subject: a\r\n\r\nhello\r\n", Encoding.ASCII.GetString(sink.Sample));
        Assert.Equal((1, 2), (arrivals.Distinct, sink.MostConnections));
    }

    private static async Task<TcpClient> ConnectAsync(SmtpSink sink)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", sink.Port, Cancel);
        await client.GetStream().WriteAsync("MAIL FROM:<a@example.test>\r\nRCPT TO:<b0@example.test>\r\nDATA\r\n"u8.ToArray(), Cancel);
        await AnswerAsync(client, "354");
        return client;
    }

    /// <summary>Reads lines up to one that begins so.</summary>
    private static async Task AnswerAsync(TcpClient client, string start)
    {
        using var lines = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
        while (await lines.ReadLineAsync(Cancel) is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return;
        }
        Assert.Fail($"The sink closed before it answered {start}.");
    }
}
