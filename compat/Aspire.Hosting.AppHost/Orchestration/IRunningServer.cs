namespace Aspire.Hosting.Orchestration;

/// <summary>Something that was started: a process, or a server inside this one.</summary>
internal interface IRunningServer
{
    int? ProcessId { get; }

    /// <summary>Ends with the exit code when it ends on its own.</summary>
    Task<int> Exited { get; }

    Task StopAsync();
}
