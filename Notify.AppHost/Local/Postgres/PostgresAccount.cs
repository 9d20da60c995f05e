using System.Globalization;
using System.Runtime.InteropServices;

namespace Notify.AppHost.Local.Postgres;

/// <summary>The system user that the server runs as: PostgreSQL refuses to run as root, so root's host lends it another.</summary>
internal sealed record PostgresAccount(int UserId, int GroupId, string SetPriv)
{
    /// <returns>Null where the host's own user will do.</returns>
    public static PostgresAccount? Needed()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;
        var setpriv = LocalCommand.Find("setpriv")
            ?? throw new MissingPieceException(
                "PostgreSQL does not run as root, and there is no setpriv to start it as another user. Install util-linux, or start as an ordinary user."
            );
        var users = File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields.Length > 3)
            .ToDictionary(fields => fields[0], StringComparer.Ordinal);
        var user = users.GetValueOrDefault("postgres")
            ?? users.GetValueOrDefault("nobody")
            ?? throw new MissingPieceException(
                "PostgreSQL does not run as root, and this machine has neither a user 'postgres' nor 'nobody'. Start as an ordinary user."
            );
        return new PostgresAccount(
            int.Parse(user[2], CultureInfo.InvariantCulture),
            int.Parse(user[3], CultureInfo.InvariantCulture),
            setpriv
        );
    }

    /// <summary>The command that runs <paramref name="program"/> as this user; setpriv replaces itself by it, so its process id is the
    /// program's.</summary>
    public (string FileName, IReadOnlyList<string> Arguments) Command(string program, IEnumerable<string> arguments) =>
        (
            SetPriv,
            [
                string.Create(CultureInfo.InvariantCulture, $"--reuid={UserId}"),
                string.Create(CultureInfo.InvariantCulture, $"--regid={GroupId}"),
                "--clear-groups",
                program,
                .. arguments,
            ]
        );

    public void Own(string path)
    {
        if (Chown(path, UserId, GroupId) != 0)
            throw new IOException(
                $"{path} could not be given to the user that PostgreSQL runs as (user id {UserId}): {Marshal.GetLastPInvokeErrorMessage()}"
            );
    }

    [DllImport("libc", EntryPoint = "chown", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int user, int group);
}
