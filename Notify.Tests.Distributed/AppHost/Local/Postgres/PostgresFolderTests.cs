using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Notify.AppHost.Local.Postgres;

namespace Notify.Tests.Distributed.AppHost.Local.Postgres;

[UnsupportedOSPlatform("windows")]
public sealed class PostgresFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("notify-folder-").FullName;
    private readonly string _data;

    public PostgresFolderTests()
    {
        _data = Directory.CreateDirectory(Path.Combine(_root, "home", "data")).FullName;
        File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(Path.Combine(_root, "home"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Folder_below_the_temporary_one_is_opened_for_passing()
    {
        Assert.Equal(_data, PostgresFolder.For(_data, NullLogger.Instance, Path.Combine(_root, "shared"), _root));
        Assert.Equal(
            UnixFileMode.OtherExecute,
            File.GetUnixFileMode(Path.Combine(_root, "home")) & (UnixFileMode.OtherExecute | UnixFileMode.OtherRead)
        );
    }

    [Fact]
    public void Closed_home_is_left_closed_and_the_cluster_goes_elsewhere_for_good()
    {
        var place = Elsewhere();
        File.WriteAllText(Path.Combine(place, "cluster"), "data");

        Assert.StartsWith(Path.Combine(_root, "shared"), place, StringComparison.Ordinal);
        Assert.Equal(place, Elsewhere());
        Assert.True(File.Exists(Path.Combine(place, "cluster")));
        Assert.False(File.GetUnixFileMode(Path.Combine(_root, "home")).HasFlag(UnixFileMode.OtherExecute));
        Assert.Contains(place, File.ReadAllText(Path.Combine(_data, "location.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void Deleting_the_data_folder_deletes_the_cluster_elsewhere()
    {
        File.WriteAllText(Path.Combine(Elsewhere(), "cluster"), "data");
        Directory.Delete(_data, recursive: true);
        Directory.CreateDirectory(_data);

        Assert.Empty(Directory.GetFileSystemEntries(Elsewhere()));
    }

    private string Elsewhere() => PostgresFolder.For(_data, NullLogger.Instance, Path.Combine(_root, "shared"), "/nowhere");
}
