using System.Diagnostics;
using System.Net.Sockets;

namespace Notify.Benchmarks.Load;

/// <summary>What a load came to.</summary>
/// <param name="Accepted">Requests answered with 202.</param>
/// <param name="Other">Answers with another status.</param>
/// <param name="Broken">Connections that broke.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="Milliseconds">Of each answer, in no order.</param>
internal sealed record LoadResult(long Accepted, long Other, long Broken, double Seconds, double[] Milliseconds);

/// <summary>Keep-alive connections, each with one request in flight, over plain sockets: an HTTP client library would take the processor from the server that shares it.</summary>
internal sealed class HttpLoad(Uri server, RequestTemplate request)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    public async Task<LoadResult> RunAsync(int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(duration + AnswerLimit);
        var started = Stopwatch.GetTimestamp();
        var until = started + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var tallies = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => RunConnectionAsync(until, patience.Token), cancellationToken)));
        return new(
            tallies.Sum(tally => tally.Accepted), tallies.Sum(tally => tally.Other), tallies.Count(tally => tally.Broken), Stopwatch.GetElapsedTime(started).TotalSeconds,
            [.. tallies.SelectMany(tally => tally.Ticks).Select(ticks => ticks * 1e3 / Stopwatch.Frequency)]);
    }

    private async Task<Tally> RunConnectionAsync(long until, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
            var reader = new ResponseReader(socket);
            var bytes = new byte[request.Length];
            for (var begun = Stopwatch.GetTimestamp(); begun < until; begun = Stopwatch.GetTimestamp())
            {
                request.Fill(bytes);
                for (var sent = 0; sent < bytes.Length;)
                    sent += await socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
                var status = await reader.ReadAsync(cancellationToken);
                tally.Ticks.Add(Stopwatch.GetTimestamp() - begun);
                if (status == 202)
                    tally.Accepted++;
                else
                    tally.Other++;
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            tally.Broken = true;
        }
        return tally;
    }

    private sealed class Tally
    {
        public List<long> Ticks { get; } = new(1 << 16);

        public long Accepted { get; set; }

        public long Other { get; set; }

        public bool Broken { get; set; }
    }
}
