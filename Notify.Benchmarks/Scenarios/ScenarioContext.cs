using Notify.Benchmarks.Reporting;

namespace Notify.Benchmarks.Scenarios;

/// <summary>What every scenario gets.</summary>
internal sealed record ScenarioContext(string Name, BenchmarkOptions Options, Report Report, TimeProvider Time)
{
    /// <summary>librdkafka's built-in broker keeps 5 MB a partition and drops older records in silence: a backlog has to stay well below
    /// that.</summary>
    private const int BuiltInBacklog = 20_000;

    /// <summary>How many messages are sent one by one: where goals are measured, <c>--count</c> means backlogs alone.</summary>
    public int Samples(int byDefault) => Options.ShowGoals ? byDefault : Options.Count ?? byDefault;

    /// <summary>The size of a backlog: what was asked for, or the default, or what the broker can keep.</summary>
    public int Backlog(int byDefault)
    {
        var asked = Options.Count ?? byDefault;
        if (Options.RealKafka || asked <= BuiltInBacklog)
            return asked;
        if (Options.Count is not null)
            Report.Say(
                $"librdkafka's built-in broker keeps 5 MB a partition: {BuiltInBacklog:N0} instead of {asked:N0}. Set KAFKA_HOME for more."
            );
        return BuiltInBacklog;
    }
}
