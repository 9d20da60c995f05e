namespace Notify.Benchmarks.Reporting;

/// <summary>What one subject did in one round.</summary>
internal sealed record Measurement
{
    public required string Scenario { get; init; }

    /// <summary>A figure: bytes of Postgres' log an operation.</summary>
    public const string LogBytes = "B of log";

    /// <summary>A figure: of the processor time, what went into compiling methods. It ends some time after a service's start.</summary>
    public const string Compiling = "µs compiling";

    /// <summary>A figure, after a process's name: resident memory that is not pages of files, which processes share.</summary>
    public const string OwnMegabytes = "own MB";

    /// <summary>A figure: requests to the broker that carried records, an operation.</summary>
    public const string ProduceRequests = "produce requests";

    /// <summary>Who was measured: Notify, or a peer.</summary>
    public required string Subject { get; init; }

    public required int Round { get; init; }

    /// <summary>What is counted, in the plural.</summary>
    public required string Unit { get; init; }

    public required long Count { get; init; }

    /// <summary>Null where no rate is meant.</summary>
    public double? Seconds { get; init; }

    public double? PerSecond => Seconds > 0 ? Count / Seconds : null;

    public LatencySummary? Milliseconds { get; init; }

    /// <summary>Microseconds of processor time an operation, by process.</summary>
    public IReadOnlyDictionary<string, double> Cpu { get; init; } = new Dictionary<string, double>();

    /// <summary>Resident megabytes, by process.</summary>
    public IReadOnlyDictionary<string, double> Memory { get; init; } = new Dictionary<string, double>();

    /// <summary>Bytes allocated an operation, by process.</summary>
    public IReadOnlyDictionary<string, double> Allocated { get; init; } = new Dictionary<string, double>();

    /// <summary>Whatever else is told, by a short name with its unit.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>Rows that were committed together, on average, where that is known.</summary>
    public double? RowsATransaction { get; init; }

    /// <summary>What was not as it has to be: then the figures mean nothing.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}
