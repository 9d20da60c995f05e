namespace Aspire.Hosting.Orchestration;

/// <summary>A process to start.</summary>
internal sealed record ProcessCommand(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    public int StopSignal { get; init; } = Signals.Terminate;
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(20);
}
