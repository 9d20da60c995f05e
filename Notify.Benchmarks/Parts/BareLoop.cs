namespace Notify.Benchmarks.Parts;

/// <summary>
/// So many numbered messages through a provider's client, a fixed number at a time, and nothing else: no record, no claim, no outcome row.
/// Each of the senders has its own connection, or shares those of the client.
/// </summary>
internal static class BareLoop
{
    public const string CountVariable = "BENCHMARK_COUNT";
    public const string SendersVariable = "BENCHMARK_SENDERS";
    public const string PortVariable = "BENCHMARK_PORT";
    public const string SampleVariable = "BENCHMARK_SAMPLE";

    /// <summary>Does not end by itself: whoever started the process asks it at the end what it has cost.</summary>
    /// <param name="open">Makes what one sender sends with: a function of the message's number.</param>
    public static async Task RunAsync(Func<Task<Func<int, Task>>> open)
    {
        var count = PartProgram.Number(CountVariable);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, PartProgram.Number(SendersVariable)).Select(_ => Task.Run(SendAsync)));
        await Task.Delay(Timeout.InfiniteTimeSpan);

        async Task SendAsync()
        {
            var send = await open();
            while (Interlocked.Increment(ref next) is var number && number < count)
                await send(number);
        }
    }
}
