using System.Globalization;

namespace Notify.AppHost.Local.Postgres;

/// <summary>The files of one database cluster and, beside them, the superuser's password as last set.</summary>
/// <param name="folder">Holds the cluster and what belongs to it.</param>
/// <param name="account">Owns the cluster, where that is not the host's own user.</param>
/// <param name="durable">False where the data need not survive a crash of the machine.</param>
internal sealed class PostgresCluster(string folder, PostgresAccount? account, bool durable)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The cluster's own folder: PostgreSQL's <c>PGDATA</c>.</summary>
    public string Data { get; } = Path.Combine(folder, "cluster");

    /// <summary>The major version that made it, or null where there is none yet.</summary>
    public int? Version
    {
        get
        {
            var file = Path.Combine(Data, "PG_VERSION");
            return File.Exists(file) ? int.Parse(File.ReadAllText(file).Trim().Split('.')[0], CultureInfo.InvariantCulture) : null;
        }
    }

    private string PasswordFile => Path.Combine(folder, "password");

    /// <summary>Makes the cluster where there is none, and sees to it that the superuser has this password.</summary>
    /// <param name="binaries">Of the cluster's version.</param>
    /// <param name="user">The superuser of a new cluster.</param>
    /// <param name="password">What the application will log in with.</param>
    /// <param name="cancellationToken">Ends what is running; the next call begins again.</param>
    public async Task EnsureAsync(PostgresBinaries binaries, string user, string password, CancellationToken cancellationToken)
    {
        var kept = File.Exists(PasswordFile) ? await File.ReadAllTextAsync(PasswordFile, cancellationToken) : null;
        if (Version is null)
            await InitializeAsync(binaries, user, password, cancellationToken);
        else if (password != kept)
            await ChangePasswordAsync(binaries, user, password, cancellationToken);
        if (password != kept)
            await WriteSecretAsync(PasswordFile, password, cancellationToken);
    }

    private async Task InitializeAsync(PostgresBinaries binaries, string user, string password, CancellationToken cancellationToken)
    {
        var fresh = $"{Data}.new"; // renamed when complete: a half made cluster must not be taken for a whole one
        var passwordFile = Path.Combine(folder, "initdb.password");
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(fresh);
        await WriteSecretAsync(passwordFile, password, cancellationToken);
        try
        {
            account?.Own(fresh);
            account?.Own(passwordFile);
            Require(
                await RunAsync(
                    binaries.InitDb,
                    [
                        "-D",
                        fresh,
                        "-U",
                        user,
                        "--pwfile",
                        passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C",
                        .. durable ? Array.Empty<string>() : ["--no-sync"],
                    ],
                    cancellationToken
                ),
                "made"
            );
        }
        finally
        {
            File.Delete(passwordFile);
        }
        if (Directory.Exists(Data))
            Directory.Delete(Data, recursive: true); // without PG_VERSION it holds no cluster
        Directory.Move(fresh, Data);
    }

    /// <summary>The server's single-user mode, which reads statements from its input, needs no password.</summary>
    private async Task ChangePasswordAsync(PostgresBinaries binaries, string user, string password, CancellationToken cancellationToken)
    {
        var statement =
            $"ALTER ROLE \"{user.Replace("\"", "\"\"", StringComparison.Ordinal)}\" PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'\n";
        Require(
            await RunAsync(binaries.Server, ["--single", "-j", "-D", Data, "postgres"], cancellationToken, statement),
            "given its new password"
        );
    }

    private Task<LocalCommandResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        string? input = null
    )
    {
        var (fileName, all) = account is null ? (program, arguments) : account.Command(program, arguments);
        return LocalCommand.RunAsync(
            fileName,
            all,
            cancellationToken,
            workingDirectory: OperatingSystem.IsWindows() ? folder : "/",
            input: input
        );
    }

    private void Require(LocalCommandResult result, string what)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException($"The PostgreSQL cluster in {Data} could not be {what}: {result.Output}");
    }

    private static async Task WriteSecretAsync(string path, string text, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync(text.AsMemory(), cancellationToken);
    }
}
