using System.Diagnostics;

namespace Notify.Tests.Api.Commands;

/// <summary>A program of ours, run to its end as a process.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    // Only for a failure: a server that starts although it should not would run for ever.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <param name="program">Such as <c>Notify.Api</c>.</param>
    /// <param name="words">Its arguments.</param>
    /// <param name="connections">Pairs such as <c>notifydb</c> and a connection string.</param>
    public static Task<ProgramRun> ToEndAsync(string program, string words = "", params (string Name, string Value)[] connections) =>
        ToEndInAsync(
            connections.ToDictionary(connection => $"ConnectionStrings__{connection.Name}", connection => connection.Value),
            program,
            words
        );

    /// <param name="environment">What is set beside the surroundings of the test.</param>
    /// <param name="program">Such as <c>Notify.Api</c>.</param>
    /// <param name="words">Its arguments.</param>
    public static async Task<ProgramRun> ToEndInAsync(IReadOnlyDictionary<string, string> environment, string program, string words = "")
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program + ".dll"));
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            start.ArgumentList.Add(word);
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Where there is no ICU, the program says in a line what to install.</summary>
    public static async Task AssertAsksForIcuAsync(string program)
    {
        // The runtime's own variable: a version that no machine has. The second would turn ICU off, as some images do.
        var run = await ToEndInAsync(
            new Dictionary<string, string> { ["CLR_ICU_VERSION_OVERRIDE"] = "1.1", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
            program
        );

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("libicu", Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    public void AssertNoStackTrace() => Assert.DoesNotContain("   at ", Output + Errors, StringComparison.Ordinal);
}
