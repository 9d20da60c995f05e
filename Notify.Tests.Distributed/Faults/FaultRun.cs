using System.Diagnostics;
using System.Globalization;

namespace Notify.Tests.Distributed.Faults;

/// <summary>
/// One run of one fault: a seed that everything drawn comes from, a load of its own category, and the account of it at the end, printed as
/// one line and appended to the file that NOTIFY_FAULT_LOG names.
/// </summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_answersWithin = TimeSpan.FromSeconds(10);
    private static readonly string[] s_providers = ["fcm", "apns", "smtp", "twilio", "token"];

    private readonly string _fault;
    private readonly Accounting _accounting;
    private readonly FaultLog _log;
    private readonly ITestOutputHelper _output;
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private long _faultEnded = Stopwatch.GetTimestamp();

    private FaultRun(
        string fault,
        int count,
        RunningNotify notify,
        Instances instances,
        long mark,
        TimeSpan? answersWithin,
        ITestOutputHelper output
    )
    {
        (_fault, Count, Notify, Instances) = (fault, count, notify, instances);
        Category = $"{fault.ToLowerInvariant()}-{Guid.NewGuid():N}";
        _accounting = new Accounting(notify, Category, mark);
        _output = output;
        _log = new FaultLog(output);
        Nodes = instances.ApiNodes(answersWithin ?? s_answersWithin);
        Load = new Load(() => Nodes);
        Random = new Random(FaultSettings.Seed);
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{fault} with seed {FaultSettings.Seed}, {count} messages of category {Category}.")
        );
    }

    public RunningNotify Notify { get; }

    public Instances Instances { get; }

    /// <summary>The API's processes.</summary>
    public IReadOnlyList<ApiClient> Nodes { get; }

    public Load Load { get; }

    public Accounting Accounting => _accounting;

    public SandboxClient Sandbox => Notify.Sandbox;

    /// <summary>Seeded: what it draws is the same in every run of the same seed.</summary>
    public Random Random { get; }

    public string Category { get; }

    /// <summary>Messages to send.</summary>
    public int Count { get; }

    public static async Task<FaultRun> StartAsync(FaultApp app, ITestOutputHelper output, string fault, int count)
    {
        var (notify, instances) = await app.ReadyAsync(TestContext.Current.CancellationToken);
        return await StartAsync(notify, instances, output, fault, count);
    }

    /// <param name="notify">The application, where it is not the shared one.</param>
    /// <param name="instances">Its processes.</param>
    /// <param name="output">Of the test.</param>
    /// <param name="fault">What it is reported as.</param>
    /// <param name="count">Messages to send.</param>
    /// <param name="answersWithin">How long a client waits for an answer of the API before it asks again; 10 s when left out.</param>
    public static async Task<FaultRun> StartAsync(
        RunningNotify notify,
        Instances instances,
        ITestOutputHelper output,
        string fault,
        int count,
        TimeSpan? answersWithin = null
    )
    {
        var cancel = TestContext.Current.CancellationToken;
        await instances.HealthyAsync(cancel);
        return new FaultRun(
            fault,
            FaultSettings.Count ?? count,
            notify,
            instances,
            await notify.Sandbox.MarkAsync(cancel),
            answersWithin,
            output
        );
    }

    public Parcel[] Emails(int? count = null) => [.. Enumerable.Range(0, count ?? Count).Select(_ => Parcel.Email(Category))];

    public Parcel[] Mixed(int? count = null) => [.. Enumerable.Range(0, count ?? Count).Select(_ => Parcel.Any(Category, Random))];

    /// <summary>A moment drawn between none and the most.</summary>
    public TimeSpan Moment(TimeSpan most) => most * Random.NextDouble();

    public T Draw<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    /// <summary>Spread by an id, where several threads ask.</summary>
    public static T Draw<T>(IReadOnlyList<T> from, Guid by) => from[(by.GetHashCode() & int.MaxValue) % from.Count];

    /// <summary>From here on counts what the account calls drain.</summary>
    public void FaultEnded() => _faultEnded = Stopwatch.GetTimestamp();

    /// <summary>Waits for the end of everything, accounts for it and reports it. What is asserted is left to the test, but that nothing is
    /// lost or silent holds for each.</summary>
    public Task<Balance> EndAsync(params (string Name, object Value)[] extra) => EndAsync(_ => extra);

    /// <param name="extra">Figures of this fault alone.</param>
    /// <param name="patience">How long everything accepted may take to become final; what is not by then is lost.</param>
    public async Task<Balance> EndAsync(Func<Balance, (string Name, object Value)[]> extra, TimeSpan? patience = null)
    {
        var drained = await _accounting.DrainAsync([.. Load.Accepted.Keys], _faultEnded, patience ?? s_patience, _cancel);
        var balance = await _accounting.BalanceAsync(Load.Accepted, _cancel);
        Report(
            new FaultResult(
                _fault,
                FaultSettings.Seed,
                Count,
                balance.Accepted,
                balance.Lost.Count,
                balance.Duplicates,
                balance.Silent,
                Math.Round(drained.TotalSeconds, 1),
                extra(balance)
            )
        );
        if (balance.Lost.Count > 0)
            _output.WriteLine(await Notify.Logs.LastLinesAsync());
        Assert.True(
            balance.Lost.Count == 0,
            $"{balance.Lost.Count} of {balance.Accepted} accepted are lost, such as {string.Join(", ", balance.Lost.Take(3))}; states: {balance.States}."
        );
        Assert.True(
            balance.Silent == 0,
            $"{balance.Silent} are silent; states: {balance.States}, {balance.Arrived.Count} addresses reached."
        );
        return balance;
    }

    /// <summary>For a run whose account is not of this shape.</summary>
    public void Report(FaultResult result) => _log.Write(result);

    public FaultResult Account(int accepted, int lost, int duplicates, int silent, params (string Name, object Value)[] extra) =>
        new(
            _fault,
            FaultSettings.Seed,
            Count,
            accepted,
            lost,
            duplicates,
            silent,
            Math.Round(Stopwatch.GetElapsedTime(_faultEnded).TotalSeconds, 1),
            extra
        );

    /// <summary>The providers behave again.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            node.Http.Dispose();
        foreach (var provider in s_providers)
            await Sandbox.BehaveAsync(provider, null, CancellationToken.None);
    }
}
