using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Notify.AppHost.Local.Postgres;

/// <summary>
/// Where the cluster lives when another user runs the server (see <see cref="PostgresAccount"/>). That is the resource's data folder as
/// long as every folder above lets that user pass; root's home does not, so the cluster then has a place of its own, which a file in the
/// data folder names.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class PostgresFolder
{
    public const string SharedRoot = "/var/lib/notify";
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="dataFolder">The resource's; it is opened for others to pass, as is what lies between it and the system's temporary
    /// folder.</param>
    /// <param name="logger">Is told where the data is when that is elsewhere.</param>
    /// <param name="sharedRoot">Where the clusters are that cannot be in their data folder.</param>
    /// <param name="temporary">The system's temporary folder.</param>
    public static string For(string dataFolder, ILogger logger, string sharedRoot = SharedRoot, string? temporary = null)
    {
        var folders = Above(dataFolder).ToList();
        foreach (var ours in folders.Where(folder => folder == dataFolder || IsBelow(folder, temporary ?? Path.GetTempPath())))
            File.SetUnixFileMode(ours, File.GetUnixFileMode(ours) | UnixFileMode.OtherExecute); // to pass, not to look
        return folders.TrueForAll(folder => File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))
            ? dataFolder
            : Elsewhere(dataFolder, logger, sharedRoot);
    }

    private static string Elsewhere(string dataFolder, ILogger logger, string sharedRoot)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..16];
        var place = Path.Combine(sharedRoot, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(dataFolder)}-{digest}"));
        var pointer = Path.Combine(dataFolder, "location.txt");
        if (!File.Exists(pointer))
        {
            if (Directory.Exists(place))
            {
                logger.LogInformation("{Place} belongs to a data folder that was deleted since; it is deleted too.", place);
                Directory.Delete(place, recursive: true);
            }
            File.WriteAllText(pointer, $"{place}\n");
            logger.LogInformation("PostgreSQL's user may not enter {Folder}; the data is in {Place}.", dataFolder, place);
        }
        foreach (var folder in new[] { sharedRoot, place })
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, Passable);
        }
        return place;
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
            yield return current.FullName;
    }

    private static bool IsBelow(string folder, string ancestor) => folder.StartsWith(ancestor.TrimEnd('/') + "/", StringComparison.Ordinal);
}
