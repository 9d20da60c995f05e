using System.Diagnostics;
using Notify.Tests.Support;

namespace Notify.Tests.Samples;

/// <summary>A sample as somebody runs it: a process with the variables that samples/README.md names.</summary>
internal static class SampleProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static string Samples => Path.Combine(Repository.Root, "samples");

    /// <summary>The C# sample; it is built with the tests.</summary>
    public static Task<Ended> CSharpAsync(Dictionary<string, string> variables, CancellationToken cancellationToken) =>
        RunAsync("dotnet", Repository.Built(Path.Combine("samples", "csharp"), "Notify.Sample.dll"), variables, cancellationToken);

    public static Task<Ended> NodeAsync(Dictionary<string, string> variables, CancellationToken cancellationToken) =>
        RunAsync("node", Path.Combine(Samples, "node", "index.js"), variables, cancellationToken);

    public static Task<Ended> CurlAsync(string script, Dictionary<string, string> variables, CancellationToken cancellationToken) =>
        RunAsync("bash", Path.Combine(Samples, "curl", script), variables, cancellationToken);

    /// <summary>Whether the machine has a program of this name.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<Ended> RunAsync(
        string program,
        string sample,
        Dictionary<string, string> variables,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program, [sample]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            var printed = await output + await errors;
            throw new TimeoutException(
                $"{Path.GetFileName(sample)} did not end within {Deadline.TotalMinutes:0} min. It had printed:\n{printed}"
            );
        }
        return new Ended(process.ExitCode, await output + await errors);
    }

    /// <param name="ExitCode">0 where the sample found everything as it should be.</param>
    /// <param name="Output">What it printed, errors last.</param>
    internal sealed record Ended(int ExitCode, string Output);
}
