namespace Notify.Benchmarks.Sinks;

/// <summary>A provider that accepts everything, keeps nothing, and knows which messages came and when.</summary>
internal interface IProviderSink : IAsyncDisposable
{
    int Port { get; }

    /// <summary>From here on messages count there: those of a backlog, and those sent beside it.</summary>
    void Expect(Arrivals backlog, Arrivals? probes = null);
}
