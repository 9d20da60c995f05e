using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts a command as the leader of its own session, so that a terminal's Ctrl+C or hang-up reaches the host alone.</summary>
internal static class OwnSession
{
    private static readonly string? s_setsid = Executables.Find("setsid");
    private static readonly string? s_perl = s_setsid is null ? Executables.Find("perl") : null;

    public static ProcessStartInfo Wrap(string fileName, IEnumerable<string> arguments)
    {
        ProcessStartInfo start;
        if (s_setsid is not null)
            start = new ProcessStartInfo(s_setsid, [fileName, .. arguments]);
        else if (s_perl is not null)   // macOS has no setsid command
            start = new ProcessStartInfo(s_perl, ["-MPOSIX", "-e", "POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127", fileName, .. arguments]);
        else
            start = new ProcessStartInfo(fileName, arguments);
        start.UseShellExecute = false;
        return start;
    }
}
