using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Notify.Benchmarks.Running;

/// <summary>A process that this run started and ends: asked first, forced after a while.</summary>
internal sealed class OwnedProcess : IAsyncDisposable
{
    private const int KeptLines = 20;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly string _name;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OwnedProcess(Process process, string name, string? readyLine)
    {
        (_process, _name) = (process, name);
        process.OutputDataReceived += (_, line) => Keep(line.Data, readyLine);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, readyLine);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>The line with which it said that it is ready; known after <see cref="ReadyAsync"/>.</summary>
    public string ReadyLine { get; private set; } = "";

    public static OwnedProcess Start(
        string name,
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string? folder = null,
        string? readyLine = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        return new OwnedProcess(
            Process.Start(start) ?? throw new InvalidOperationException($"{name} could not be started."),
            name,
            readyLine
        );
    }

    /// <summary>Ends when the process has written its ready line.</summary>
    public async Task ReadyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var ended = _process.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(_ready.Task, ended).WaitAsync(limit, cancellationToken) != _ready.Task)
            ThrowIfEnded();
    }

    /// <summary>Ends when the process has, by itself and well.</summary>
    public async Task EndedAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(limit, cancellationToken);
        if (_process.ExitCode != 0)
            ThrowIfEnded();
    }

    public void ThrowIfEnded()
    {
        if (_process.HasExited)
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_name} ended with {_process.ExitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}"
                )
            );
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await AskToEndAsync();
            using var late = new CancellationTokenSource(Grace);
            try
            {
                await _process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }
        _process.Dispose();
    }

    /// <summary>SIGTERM, for which .NET has no call: a worker then leaves its consumer groups, so that the next one need not wait for its
    /// session to lapse.</summary>
    private async Task AskToEndAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            _process.Kill(entireProcessTree: true);
            return;
        }
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private void Keep(string? line, string? readyLine)
    {
        if (line is null)
            return;
        if (readyLine is not null && line.StartsWith(readyLine, StringComparison.Ordinal))
        {
            ReadyLine = line;
            _ready.TrySetResult();
        }
        _lines.Enqueue(line);
        while (_lines.Count > KeptLines)
            _lines.TryDequeue(out _);
    }
}
