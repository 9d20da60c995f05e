using System.Globalization;
using Notify.Benchmarks.Scenarios;

namespace Notify.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        usage: dotnet run -c Release --project Notify.Benchmarks -- SCENARIO… [options]

          SCENARIO          accept, accept-batch, latency, latency-drain, neighbours, route, drain-none,
                            drain-email, drain-push, drain-sms, drain-email-through-router,
                            drain-push-through-router, rows, layouts, due, memory; all; or goals: those that the
                            goals are about, with a table of what was reached
          --count N         deliveries, rows or samples of a round; each scenario has its own default
          --seconds N       length of a measured load, and of the window in which rows come due; 8
          --rounds N        rounds; what is compared takes turns within each; 3
          --peers           Node peers beside ours in the same rounds (bench/peers; needs node and npm)
          --kafka KIND      builtin (librdkafka's own, in memory) or home (the broker in KAFKA_HOME); home where KAFKA_HOME is set
          --set NAME=VALUE  an environment variable of each service, such as DOTNET_gcServer=0; may be repeated
          --json FILE       writes everything that was measured
          --target URL      accept, accept-batch and latency against a system that runs already; with --key KEY
          --sandbox URL     with --target: that system's sandbox, which knows when each message arrived
        """;

    private static readonly string[] s_targetScenarios = ["accept", "accept-batch", "latency"];

    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>Whether a table of goals ends the run.</summary>
    public bool ShowGoals { get; init; }

    public int? Count { get; init; }

    public int Seconds { get; init; } = 8;

    public int Rounds { get; init; } = 3;

    public bool Peers { get; init; }

    /// <summary>The broker that the AppHost finds in KAFKA_HOME, instead of librdkafka's built-in one.</summary>
    public bool RealKafka { get; init; } = HasKafkaHome;

    /// <summary>Environment variables of each service.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public string? JsonFile { get; init; }

    public Uri? Target { get; init; }

    public string Key { get; init; } = "notify-development-key";

    public Uri? Sandbox { get; init; }

    private static bool HasKafkaHome => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("KAFKA_HOME"));

    public static BenchmarkOptions Parse(IReadOnlyList<string> args)
    {
        var scenarios = new List<string>();
        var options = new BenchmarkOptions { Scenarios = scenarios };
        for (var i = 0; i < args.Count; i++)
        {
            string Value() => ++i < args.Count ? args[i] : throw new UsageException($"{args[i - 1]} needs a value.");
            options = args[i] switch
            {
                "--count" => options with { Count = Number("--count", Value(), 10_000_000) },
                "--seconds" => options with { Seconds = Number("--seconds", Value(), 600) },
                "--rounds" => options with { Rounds = Number("--rounds", Value(), 100) },
                "--peers" => options with { Peers = true },
                "--kafka" => options with { RealKafka = Broker(Value()) },
                "--set" => options with { Settings = With(options.Settings, Value()) },
                "--json" => options with { JsonFile = Value() },
                "--target" => options with { Target = Address("--target", Value()) },
                "--key" => options with { Key = Value() },
                "--sandbox" => options with { Sandbox = Address("--sandbox", Value()) },
                var other when other.StartsWith('-') => throw new UsageException($"{other} is not an option."),
                var name => Add(options, scenarios, name),
            };
        }
        return Checked(options);
    }

    private static BenchmarkOptions Add(BenchmarkOptions options, List<string> scenarios, string name)
    {
        IEnumerable<string> named = name switch
        {
            "all" => ScenarioTable.Names,
            "goals" => Goals.Scenarios,
            _ when ScenarioTable.Names.Contains(name) => [name],
            _ => throw new UsageException($"There is no scenario {name}."),
        };
        scenarios.AddRange(named.Except(scenarios).ToList());
        return options with { ShowGoals = options.ShowGoals || name is "goals" };
    }

    private static BenchmarkOptions Checked(BenchmarkOptions options)
    {
        if (options.Scenarios.Count == 0)
            throw new UsageException("Name at least one scenario.");
        if (options.Target is not null && options.Scenarios.Except(s_targetScenarios).FirstOrDefault() is { } impossible)
            throw new UsageException(
                $"{impossible} prepares its own system; with --target only {string.Join(", ", s_targetScenarios)} are possible."
            );
        if (options.Sandbox is not null && options.Target is null)
            throw new UsageException("--sandbox goes with --target.");
        return options;
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> settings, string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, var value]
            ? new Dictionary<string, string>(settings) { [name] = value }
            : throw new UsageException("--set is NAME=VALUE.");

    private static bool Broker(string kind) =>
        kind switch
        {
            "builtin" => false,
            "home" => HasKafkaHome
                ? true
                : throw new UsageException("--kafka home needs KAFKA_HOME: the folder of an unpacked Apache Kafka."),
            _ => throw new UsageException($"--kafka is builtin or home, not {kind}."),
        };

    private static int Number(string option, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} is a number from 1 to {most}."));

    private static Uri Address(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp
            ? address
            : throw new UsageException($"{option} is an http:// address.");
}
