using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

internal static class Executables
{
    /// <summary>The <c>dotnet</c> that runs this process, whichever else is on the PATH.</summary>
    public static string DotNet { get; } = FindDotNet();

    public static string? Find(string name) => (System.Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>A command as the user would call it: a path, or a name on the PATH.</summary>
    public static string Resolve(string command, string workingDirectory)
    {
        if (Path.IsPathRooted(command))
            return command;
        return command.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(command, workingDirectory) : Find(command) ?? command;
    }

    private static string FindDotNet()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var muxer = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(muxer) ? muxer : "dotnet";
    }
}
