using System.ComponentModel;
using System.Diagnostics;
using Aspire.Hosting.Local;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Dashboard.Running;

/// <summary>One run of the dashboard's program; what it writes goes to a file.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    private const int LastLines = 10;

    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly Queue<string> _lastLines = new();
    private readonly Lock _gate = new();

    private DashboardProcess(Process process, TextWriter log)
    {
        _process = process;
        _log = log;
    }

    public int Id => _process.Id;

    /// <summary>Its last lines of output, for the message that says it has failed.</summary>
    public string LastOutput
    {
        get
        {
            lock (_gate)
                return string.Join(Environment.NewLine, _lastLines);
        }
    }

    /// <param name="program">The program's file.</param>
    /// <param name="environment">All of its variables; it inherits none.</param>
    /// <param name="log">Takes its output, line by line; from several threads, one at a time.</param>
    public static DashboardProcess Start(string program, IReadOnlyDictionary<string, string> environment, TextWriter log)
    {
        // In a session of its own a terminal's Ctrl+C does not end it: it shows the resources stopping, and the host ends it last.
        var start = OperatingSystem.IsWindows() || !File.Exists(program) ? new ProcessStartInfo(program, ["dashboard"]) : OwnSession.Wrap(program, ["dashboard"]);
        start.WorkingDirectory = Path.GetDirectoryName(program)!;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var dashboard = new DashboardProcess(new Process { StartInfo = start }, log);
        dashboard._process.OutputDataReceived += (_, line) => dashboard.Keep(line.Data);
        dashboard._process.ErrorDataReceived += (_, line) => dashboard.Keep(line.Data);
        try
        {
            dashboard._process.Start();
        }
        catch (Win32Exception fault)
        {
            dashboard._process.Dispose();
            throw new MissingPieceException($"The dashboard's program {program} does not start: {fault.Message}. Delete its folder to have it fetched again.");
        }

        dashboard._process.StandardInput.Close();
        dashboard._process.BeginOutputReadLine();
        dashboard._process.BeginErrorReadLine();
        return dashboard;
    }

    /// <summary>Its exit code, once it has ended and its output is read.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends it if it still runs; it keeps nothing that an orderly stop would save.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            _log.WriteLine(line);
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LastLines)
                _lastLines.Dequeue();
        }
    }
}
