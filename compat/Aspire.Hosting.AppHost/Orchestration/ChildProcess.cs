using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>A process of its own session whose output becomes a resource's console log.</summary>
internal sealed class ChildProcess : IRunningServer
{
    private static readonly TimeSpan s_outputGrace = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly ProcessCommand _command;
    private readonly ChildGuard _guard;

    private ChildProcess(Process process, ProcessCommand command, ChildGuard guard, Action<string, bool> write)
    {
        _process = process;
        _command = command;
        _guard = guard;
        ProcessId = process.Id;
        Exited = WatchAsync(Task.WhenAll(ReadAsync(process.StandardOutput, write, isError: false), ReadAsync(process.StandardError, write, isError: true)));
    }

    public int? ProcessId { get; }
    public Task<int> Exited { get; }

    public static ChildProcess Start(ProcessCommand command, ChildGuard guard, Action<string, bool> write)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(command.FileName, command.Arguments) : OwnSession.Wrap(command.FileName, command.Arguments);
        start.WorkingDirectory = command.WorkingDirectory;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var own in start.Environment.Keys.Where(IsTheHostsOwn).ToArray())
            start.Environment.Remove(own);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command.FileName} did not start.");
        guard.Add(process.Id);
        process.StandardInput.Close();
        return new ChildProcess(process, command, guard, write);
    }

    public async Task StopAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }
        else if (!Exited.IsCompleted)
        {
            if (!_process.HasExited)
                Signals.Send(_process.Id, _command.StopSignal);
            await Task.WhenAny(Exited, Task.Delay(_command.StopGrace));
            KillGroup();
        }
        await Exited;
    }

    private static bool IsTheHostsOwn(string name) =>
        name is "ASPNETCORE_URLS" or "ASPNETCORE_HTTP_PORTS" or "ASPNETCORE_HTTPS_PORTS" or "DOTNET_LAUNCH_PROFILE"
        || name.StartsWith("ASPIRE_", StringComparison.Ordinal) || name.StartsWith("Parameters__", StringComparison.OrdinalIgnoreCase);

    private static async Task ReadAsync(StreamReader reader, Action<string, bool> write, bool isError)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                write(line, isError);
        }
        catch (ObjectDisposedException)
        {
            // The process has gone and a grandchild held the pipe open: what it says is of no interest any more.
            return;
        }
    }

    private async Task<int> WatchAsync(Task output)
    {
        await _process.WaitForExitAsync();
        var exitCode = _process.ExitCode;
        KillGroup();
        _guard.Remove(_process.Id);
        await Task.WhenAny(output, Task.Delay(s_outputGrace));
        _process.Dispose();
        return exitCode;
    }

    private void KillGroup()
    {
        if (!OperatingSystem.IsWindows())
            Signals.Send(-ProcessId!.Value, Signals.Kill);
    }
}
