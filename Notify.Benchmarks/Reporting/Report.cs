using System.Globalization;
using System.Text.Json;

namespace Notify.Benchmarks.Reporting;

/// <summary>Collects what was measured, tells it as it comes, and as a table at the end.</summary>
internal sealed class Report(Dictionary<string, string> conditions)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly List<Measurement> _measurements = [];
    private readonly List<Goal> _goals = [];
    private readonly List<string> _failures = [];
    private readonly List<string> _remarks = [];

    public IReadOnlyList<Measurement> Measurements => _measurements;

    public bool HasFaults => _failures.Count > 0 || _measurements.Exists(one => one.Faults.Count > 0);

    /// <summary>For whoever watches, and kept with the figures.</summary>
    public void Say(string line)
    {
        _remarks.Add(line.Trim());
        Console.WriteLine(line);
    }

    /// <summary>Something about the conditions that only showed on the way.</summary>
    public void Note(string name, string value) => conditions[name] = value;

    public void Failed(string scenario, string why)
    {
        _failures.Add($"{scenario}: {why}");
        Console.Error.WriteLine($"FAILED {scenario}: {why}");
    }

    public void Add(Measurement one)
    {
        _measurements.Add(one);
        var rate = one.PerSecond is { } perSecond ? string.Create(CultureInfo.InvariantCulture, $", {perSecond:#,0}/s") : "";
        var wait = one.Milliseconds is { } ms
            ? string.Create(CultureInfo.InvariantCulture, $", p50 {ms.P50:0.00} p95 {ms.P95:0.00} p99 {ms.P99:0.00} ms")
            : "";
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"  round {one.Round}, {one.Subject}: {one.Count:#,0} {one.Unit}{rate}{wait}")
        );
        foreach (var fault in one.Faults)
            Console.Error.WriteLine($"  FAULT: {fault}");
    }

    public void WriteTable()
    {
        Console.WriteLine();
        if (_measurements.Count > 0)
            Console.WriteLine(TextTable.Render(Summary.Header, Summary.Rows(_measurements)));
        foreach (var (name, value) in conditions)
            Console.WriteLine($"{name}: {value}");
        if (Conditions.Configuration != "Release")
            Console.WriteLine("NOT A RELEASE BUILD: run with -c Release.");
        foreach (var failure in _failures)
            Console.WriteLine($"FAILED {failure}");
    }

    /// <summary>What was to be reached and what was, after the conditions.</summary>
    public void WriteGoals(IReadOnlyList<Goal> goals)
    {
        _goals.AddRange(goals);
        Console.WriteLine();
        Console.WriteLine(TextTable.Render(Goal.Header, [.. goals.Select(goal => goal.Row)]));
    }

    public async Task WriteJsonAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(
            stream,
            new
            {
                conditions,
                measurements = _measurements,
                goals = _goals,
                failures = _failures,
                remarks = _remarks,
            },
            s_json,
            cancellationToken
        );
    }
}
