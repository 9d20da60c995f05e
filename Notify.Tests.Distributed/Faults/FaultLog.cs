using System.Globalization;
using System.Text.Json;

namespace Notify.Tests.Distributed.Faults;

/// <summary>What a run is reported with.</summary>
internal sealed record FaultResult(
    string Fault,
    int Seed,
    int Count,
    int Accepted,
    int Lost,
    int Dup,
    int Silent,
    double Drain,
    IReadOnlyList<(string Name, object Value)> Extra
);

/// <summary>Prints a run as one line, and appends it as JSON to the file that NOTIFY_FAULT_LOG names.</summary>
internal sealed class FaultLog(ITestOutputHelper output)
{
    public void Write(FaultResult result)
    {
        var figures = result.Extra.ToDictionary(entry => entry.Name, entry => Shown(entry.Value));
        var extra = string.Concat(figures.Select(entry => string.Create(CultureInfo.InvariantCulture, $" {entry.Key}={entry.Value}")));
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"FAULT {result.Fault} seed={result.Seed} accepted={result.Accepted} lost={result.Lost} dup={result.Dup} silent={result.Silent} drain={result.Drain:0.0}s{extra}"
            )
        );
        if (FaultSettings.Log is not { } file)
            return;
        var line = JsonSerializer.Serialize(
            new
            {
                fault = result.Fault,
                seed = result.Seed,
                count = result.Count,
                accepted = result.Accepted,
                lost = result.Lost,
                dup = result.Dup,
                silent = result.Silent,
                drain = result.Drain,
                extra = figures,
            }
        );
        File.AppendAllText(file, line + "\n");
    }

    private static object Shown(object value) =>
        value is TimeSpan time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#}s") : value;
}
