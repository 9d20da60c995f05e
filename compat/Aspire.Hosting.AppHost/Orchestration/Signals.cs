using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

internal static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends the signal to a process, or to a whole group when the id is negative; one that has gone is no failure.</summary>
    public static void Send(int processId, int signal) => _ = KillProcess(processId, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int KillProcess(int processId, int signal);
}
