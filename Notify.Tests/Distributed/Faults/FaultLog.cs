using System.Globalization;
using System.Text.Json;

namespace Notify.Tests.Distributed.Faults;

/// <summary>What a run is reported with.</summary>
internal sealed record FaultResult(
    string Fault, int Seed, int Count, int Accepted, int Lost, int Dup, int Silent, double Drain, IReadOnlyList<(string Name, object Value)> Extra);

/// <summary>Prints a run as one line, and appends it as JSON to the file that NOTIFY_FAULT_LOG names.</summary>
internal sealed class FaultLog(ITestOutputHelper output)
{
    public void Write(FaultResult result)
    {
        var extra = string.Concat(result.Extra.Select(entry => $" {entry.Name}={string.Create(CultureInfo.InvariantCulture, $"{entry.Value}")}"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"FAULT {result.Fault} seed={result.Seed} accepted={result.Accepted} lost={result.Lost} dup={result.Dup} silent={result.Silent} drain={result.Drain:0.0}s{extra}"));
        if (FaultSettings.Log is not { } file)
            return;
        var line = JsonSerializer.Serialize(new
        {
            fault = result.Fault,
            seed = result.Seed,
            count = result.Count,
            accepted = result.Accepted,
            lost = result.Lost,
            dup = result.Dup,
            silent = result.Silent,
            drain = result.Drain,
            extra = result.Extra.ToDictionary(entry => entry.Name, entry => entry.Value),
        });
        File.AppendAllText(file, line + "\n");
    }
}
