using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Notify.Tests.Browser;

/// <summary>The built host as a process of its own: the default tools folder, a passing data folder, and ports that nobody else holds.</summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    /// <summary>Its first start on a machine fetches servers and the dashboard.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("notify-browser-");
    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppHostProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>The host's data folder; deleted with it.</summary>
    public string Folder => _data.FullName;

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

    /// <summary>Comes back once the application and the dashboard are ready.</summary>
    public static async Task<AppHostProcess> StartAsync(CancellationToken cancellationToken)
    {
        var process = new Process();
        var host = new AppHostProcess(process);
        process.StartInfo = host.Command();
        process.OutputDataReceived += (_, line) => host.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => host.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            host.Login = new Uri(await host.SayAsync(LoginLink(), cancellationToken));
            host.Api = new Uri(await host.SayAsync(ApiAddress(), cancellationToken));
            host.Sandbox = new Uri(await host.SayAsync(SandboxAddress(), cancellationToken));
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for an orderly end and waits for it.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(LongestStop);
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]))
            await kill.WaitForExitAsync(deadline.Token);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
                await StopAsync(CancellationToken.None);
        }
        finally
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
            _data.Delete(recursive: true);
        }
    }

    private ProcessStartInfo Command()
    {
        var start = new ProcessStartInfo("dotnet", [Surroundings.AppHost, "--data", _data.FullName]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A launch profile is the business of dotnet run: these stand for it, on free ports.
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{FreePort()}";
        start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{FreePort()}";
        start.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{FreePort()}";
        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        return start;
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
    private async Task<string> SayAsync(Regex pattern, CancellationToken cancellationToken)
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
            if (NoDashboard().Match(output) is { Success: true } missing)
                throw new MissingPieceException(missing.Value.Trim());
            if (_process.HasExited)
                throw new InvalidOperationException($"The host ended with exit code {_process.ExitCode} before it printed {pattern}. Its output:\n{output}");
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"(http://\S+/login\?t=\S+)")]
    private static partial Regex LoginLink();

    [GeneratedRegex(@"API:\s+(http://[^\s,]+)")]
    private static partial Regex ApiAddress();

    [GeneratedRegex(@"What arrived:\s+(http://[^\s,]+)")]
    private static partial Regex SandboxAddress();

    [GeneratedRegex(@"^No dashboard: .*$", RegexOptions.Multiline)]
    private static partial Regex NoDashboard();
}
