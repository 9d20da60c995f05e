using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.AppHost;

/// <summary>The built host as a process of its own, as <c>dotnet run</c> would start it, with a data folder that goes with it.</summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(1);

    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private readonly DirectoryInfo? _ownData;
    private TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppHostProcess(string? data)
    {
        _ownData = data is null ? Directory.CreateTempSubdirectory("notify-host-") : null;
        Folder = data ?? _ownData!.FullName;
        // A shell that starts programs in the background lets them ignore SIGINT, and they hand that on to what they start.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,QUIT,TERM,HUP", Program, "--data", Folder, "--Postgres:Fsync=off"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public int Id => _process.Id;

    /// <summary>The host's data folder.</summary>
    public string Folder { get; }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Opens the dashboard.</summary>
    public Uri Login { get; private set; } = null!;

    public Uri Api { get; private set; } = null!;

    public Uri Sandbox { get; private set; } = null!;

    /// <summary>The program that <c>dotnet run --project Notify.AppHost</c> starts, of the configuration under test.</summary>
    public static string Program => Repository.Built("Notify.AppHost", "Notify.AppHost");

    /// <summary>Comes back once the application is up.</summary>
    /// <param name="cancellationToken">The test's.</param>
    /// <param name="data">A data folder that outlives the host; left out, it gets one of its own.</param>
    public static async Task<AppHostProcess> StartAsync(CancellationToken cancellationToken, string? data = null)
    {
        var host = new AppHostProcess(data);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        try
        {
            host.Login = new Uri(await host.SaysAsync(LoginLink(), cancellationToken));
            host.Api = new Uri(await host.SaysAsync(ApiAddress(), cancellationToken));
            host.Sandbox = new Uri(await host.SaysAsync(SandboxAddress(), cancellationToken));
            await host.SaysAsync(End(), cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another program that ends by itself: what it says, and its exit code.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(
        string program,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Sends a signal (INT, TERM, HUP, KILL) and waits for the host's end.</summary>
    public async Task<int> EndAsync(string signal, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(LongestStop);
        using (var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(deadline.Token);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
                await EndAsync("TERM", CancellationToken.None);
        }
        finally
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
            _ownData?.Delete(recursive: true);
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is not null)
                _output.AppendLine(line);
            var said = _said;
            _said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            said.SetResult();
        }
    }

    /// <summary>Waits until the host has printed what the pattern captures.</summary>
    public async Task<string> SaysAsync(Regex pattern, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(LongestStart);
        while (true)
        {
            string output;
            Task more;
            lock (_output)
                (output, more) = (_output.ToString(), _said.Task);
            if (pattern.Match(output) is { Success: true } match)
                return match.Groups[1].Value;
            if (_process.HasExited)
                throw new InvalidOperationException(
                    $"The host ended with exit code {_process.ExitCode} before it printed {pattern}. Its output:\n{output}"
                );
            try
            {
                await more.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"The host did not print {pattern} within {LongestStart}. Its output:\n{output}");
            }
        }
    }

    [GeneratedRegex(@"(http://\S+/login\?t=\S+)")]
    private static partial Regex LoginLink();

    [GeneratedRegex(@"API:\s+(http://[^\s,]+)")]
    private static partial Regex ApiAddress();

    [GeneratedRegex(@"What arrived:\s+(http://[^\s,]+)")]
    private static partial Regex SandboxAddress();

    [GeneratedRegex(@"(Stop:)")]
    private static partial Regex End();
}
