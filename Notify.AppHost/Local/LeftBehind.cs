using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Notify.AppHost.Local;

/// <summary>
/// Servers that still run in a data folder because the host that started them was killed. Whoever holds the folder's lock may stop them,
/// and must: a second server on the same files damages them. They are known by their working directory and program, which Linux shows.
/// </summary>
internal static class LeftBehind
{
    private const int Kill = 9;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <param name="folder">The folder that nothing may work in any more, subfolders included.</param>
    /// <param name="program">How the server's executable is called: <c>postgres</c>, <c>java</c>.</param>
    /// <param name="stopSignal">What asks it for an orderly stop.</param>
    /// <param name="grace">How long that may take.</param>
    /// <param name="logger">Is told when something was found.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task StopAsync(
        string folder,
        string program,
        int stopSignal,
        TimeSpan grace,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var found = Find(folder, program);
        if (found.Count == 0)
            return;
        logger.LogWarning(
            "An earlier host left {Count} process(es) of {Program} running in {Folder}; stopping them.",
            found.Count,
            program,
            folder
        );
        Signal(found, stopSignal);
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < grace && Find(folder, program).Count > 0)
            await Task.Delay(Look, cancellationToken);
        Signal(Find(folder, program), Kill);
        while (Find(folder, program).Count > 0)
            await Task.Delay(Look, cancellationToken);
    }

    private static List<int> Find(string folder, string program)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(folder))
            return [];
        var path = RealPath(folder);
        return
        [
            .. from process in Directory.EnumerateDirectories("/proc")
            let id = Path.GetFileName(process)
            where char.IsAsciiDigit(id[0]) && id != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            let works = Target($"{process}/cwd")
            where works == path || works?.StartsWith(path + "/", StringComparison.Ordinal) == true
            where Path.GetFileName(Target($"{process}/exe"))?.StartsWith(program, StringComparison.Ordinal) == true
            select int.Parse(id, CultureInfo.InvariantCulture),
        ];
    }

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // ended meanwhile, or another user's
        }
    }

    private static void Signal(IEnumerable<int> processes, int signal)
    {
        foreach (var process in processes)
            _ = SendSignal(process, signal); // one that has ended meanwhile is what we want
    }

    private static string RealPath(string path)
    {
        var resolved = ResolvePath(path, 0);
        try
        {
            return Marshal.PtrToStringUTF8(resolved) ?? Path.GetFullPath(path);
        }
        finally
        {
            Marshal.FreeHGlobal(resolved); // malloc's counterpart on Unix
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    [DllImport("libc", EntryPoint = "realpath", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint ResolvePath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint buffer);
}
