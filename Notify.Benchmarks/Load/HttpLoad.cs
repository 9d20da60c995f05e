using System.Diagnostics;
using System.Net.Sockets;

namespace Notify.Benchmarks.Load;

/// <summary>What a load came to.</summary>
/// <param name="Accepted">Requests answered with 202.</param>
/// <param name="Other">Answers with another status.</param>
/// <param name="Broken">Connections that broke, or had no answer for too long.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="Milliseconds">Of each answer, in no order.</param>
internal sealed record LoadResult(long Accepted, long Other, long Broken, double Seconds, double[] Milliseconds);

/// <summary>
/// Keep-alive connections, each with one request in flight. One thread asks the system which have an answer and serves those: neither an
/// HTTP client nor a wake-up of a pool thread for every answer, which would take the processor from the server that shares it.
/// </summary>
internal sealed class HttpLoad(Uri server, RequestTemplate request)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200); // for cancellation, and for answers that do not come

    public Task<LoadResult> RunAsync(int connections, TimeSpan duration, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => Run(connections, duration, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private LoadResult Run(int count, TimeSpan duration, CancellationToken cancellationToken)
    {
        var connections = Enumerable
            .Range(0, count)
            .Select(_ => new LoadConnection(server, request))
            .ToDictionary(connection => connection.Socket);
        try
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var connection in connections.Values)
                connection.Ask();
            var left = connections.Values.Where(connection => !connection.IsBroken).Select(connection => connection.Socket).ToList();
            var ready = new List<Socket>(count);
            while (left.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ready.Clear();
                ready.AddRange(left);
                Socket.Select(ready, null, null, LookInterval);
                var over = Stopwatch.GetElapsedTime(started) >= duration;
                foreach (var socket in ready)
                {
                    var connection = connections[socket];
                    if (connection.Receive() && !over)
                        connection.Ask();
                    if (!connection.IsWaiting)
                        left.Remove(socket);
                }
                if (Stopwatch.GetElapsedTime(started) >= duration + AnswerLimit)
                    break;
            }
            return new(
                connections.Values.Sum(connection => connection.Accepted),
                connections.Values.Sum(connection => connection.Other),
                connections.Values.Count(connection => connection.IsBroken || connection.IsWaiting),
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                [.. connections.Values.SelectMany(connection => connection.Ticks).Select(ticks => ticks * 1e3 / Stopwatch.Frequency)]
            );
        }
        finally
        {
            foreach (var socket in connections.Keys)
                socket.Dispose();
        }
    }
}
