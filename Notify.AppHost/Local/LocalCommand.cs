using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Notify.AppHost.Local;

/// <summary>A command that runs to its end: an installer, a formatter, a version question.</summary>
internal static class LocalCommand
{
    private const int KeptCharacters = 16 * 1024;

    /// <summary>Runs it without a shell; killed when <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static async Task<LocalCommandResult> RunAsync(
        string fileName,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        string? input = null
    )
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        lock (output)
            return new LocalCommandResult(process.ExitCode, output.ToString().Trim());
    }

    /// <summary>The full path of a program on PATH, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static void Keep(StringBuilder output, string? line)
    {
        if (line is null)
            return;
        lock (output)
        {
            output.AppendLine(line);
            if (output.Length > KeptCharacters)
                output.Remove(0, output.Length - KeptCharacters);
        }
    }
}

/// <param name="ExitCode">0 means success.</param>
/// <param name="Output">What it wrote to both streams; of much output the end.</param>
internal sealed record LocalCommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}
