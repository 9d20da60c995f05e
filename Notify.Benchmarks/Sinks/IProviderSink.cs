namespace Notify.Benchmarks.Sinks;

/// <summary>A provider that accepts everything, keeps nothing, and knows which messages came and when.</summary>
internal interface IProviderSink : IAsyncDisposable
{
    int Port { get; }

    /// <summary>From here on messages count anew: those of a backlog, which is returned, and those sent beside it.</summary>
    Arrivals Expect(int backlog, Arrivals? probes = null);
}
