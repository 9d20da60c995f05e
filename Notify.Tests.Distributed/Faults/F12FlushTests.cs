using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Testing;

namespace Notify.Tests.Distributed.Faults;

/// <summary>Redis is emptied again and again under load.</summary>
[Collection(FaultTests.Name)]
public sealed class F12FlushTests(FaultApp app, ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F12")]
    public async Task A_flushed_cache_costs_no_message_and_makes_none_twice()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F12", 400);
        var (parcels, flushes) = (run.Mixed(), 0);
        // Some wait for a retry when the cache goes.
        foreach (var parcel in parcels.Where((parcel, index) => index % 10 == 0 && parcel.Channel == "sms"))
            await run.Sandbox.MisbehaveAsync(
                new
                {
                    provider = "twilio",
                    address = parcel.Address,
                    status = 503,
                    times = 1,
                },
                Cancel
            );

        var load = run.Load.PostEachAsync(parcels, 8, Cancel);
        while (!load.IsCompleted)
        {
            await FlushAsync(run);
            flushes++;
            await Task.WhenAny(load, Task.Delay(run.Moment(TimeSpan.FromMilliseconds(200)), Cancel));
        }
        await load;
        await FlushAsync(run);
        // the same keys once more, which Redis has forgotten; one further, most are at the process that did not have them
        await run.Load.PostEachAsync(parcels.Skip(1).Take(50), 8, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(end =>
            [("flushes", flushes + 1), ("skippedAsDuplicate", end.Rows.Count(row => row.State == "skipped"))]
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.All(parcels, parcel => Assert.Equal(1, balance.Arrived[parcel.Address]));
    }

    private static async Task FlushAsync(FaultRun run)
    {
        var parts = (await run.Notify.Application.GetConnectionStringAsync("redis", Cancel))!.Split(',');
        var (host, password) = (
            parts[0].Split(':'),
            parts.FirstOrDefault(part => part.StartsWith("password=", StringComparison.OrdinalIgnoreCase))?["password=".Length..]
        );
        using var socket = new TcpClient();
        await socket.ConnectAsync(host[0], int.Parse(host[1], System.Globalization.CultureInfo.InvariantCulture), Cancel);
        using var stream = socket.GetStream();
        if (password is not null)
            Assert.Equal("+OK", await CommandAsync(stream, "AUTH", password));
        Assert.Equal("+OK", await CommandAsync(stream, "FLUSHALL"));
    }

    private static async Task<string> CommandAsync(NetworkStream stream, params string[] words)
    {
        var text = $"*{words.Length}\r\n{string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"))}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
        var answer = new byte[256];
        return Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer, Cancel)).TrimEnd();
    }
}
