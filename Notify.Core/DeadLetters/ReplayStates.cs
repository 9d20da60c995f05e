namespace Notify.Core.DeadLetters;

/// <summary>Where a replay stands.</summary>
public static class ReplayStates
{
    public const string Running = "running";
    public const string Stopped = "stopped";
    public const string Done = "done";
}
