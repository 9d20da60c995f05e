using System.Diagnostics;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>Runs a program to its end.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);

    public static async Task<ProgramRun> OfAsync(string program, IEnumerable<string> arguments, string folder)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Longest);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        // A build server would hold the pipes long after the build.
        process.StartInfo.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        process.Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    public static async Task<string> OutputOfAsync(string program, IEnumerable<string> arguments, string folder)
    {
        var run = await OfAsync(program, arguments, folder);
        Assert.True(run.ExitCode == 0, $"{program} ended with exit code {run.ExitCode}:\n{run.Output}\n{run.Errors}");
        return run.Output;
    }
}
