using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Ends the processes that the host started when the host itself ends without doing so, a kill -9 included. A small shell process reads the ids of
/// running process groups from a pipe whose only writer is the host; when the pipe breaks, it kills what is still on the list. Unlike a parent-death
/// signal this reaches grandchildren, survives a change of user, and works on every Unix.
/// </summary>
internal sealed class ChildGuard : IDisposable
{
    private const string Script = """
        groups=" "
        while read -r change group; do
          case "$change" in
            +) groups="$groups$group " ;;
            -) groups="${groups%% $group *} ${groups#* $group }" ;;
          esac
        done
        for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
        """;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _groups = [];
    private Process? _guard;

    public void Add(int processGroup)
    {
        if (OperatingSystem.IsWindows())
            return;
        lock (_gate)
        {
            _groups.Add(processGroup);
            if (_guard is null or { HasExited: true })
            {
                // The first child, or somebody killed the guard: a new one learns of all that run.
                _guard?.Dispose();
                _guard = Start();
                foreach (var group in _groups)
                    Tell('+', group);
                return;
            }
            Tell('+', processGroup);
        }
    }

    public void Remove(int processGroup)
    {
        lock (_gate)
        {
            if (_groups.Remove(processGroup) && _guard is { HasExited: false })
                Tell('-', processGroup);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_guard is { HasExited: false })
                _guard.StandardInput.Close();
            _guard?.Dispose();
            _guard = null;
        }
    }

    private void Tell(char change, int processGroup)
    {
        try
        {
            _guard!.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"{change} {processGroup}\n"));
            _guard.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It died this moment; the next child brings a new one, which is told of all.
            _guard!.Kill();
        }
    }

    private static Process Start()
    {
        var start = OwnSession.Wrap("/bin/sh", ["-c", Script]);
        start.RedirectStandardInput = true;
        return Process.Start(start) ?? throw new InvalidOperationException("The shell that guards child processes did not start.");
    }
}
