using System.Diagnostics;
using System.Text.Json;

namespace Notify.Running;

/// <summary>
/// What a running host leaves where other programs of the same user find it: where its parts are. <c>Notify.AppHost info</c> prints it, and
/// <c>Notify.Api keys create</c> finds the database by it. It holds a password, so only its owner may read it; it is deleted when the host
/// stops.
/// </summary>
/// <param name="Process">The host's process id.</param>
/// <param name="Project">The folder of the AppHost's project: which clone it is.</param>
/// <param name="DataFolder">Where local servers keep their data; null where there are none.</param>
/// <param name="Dashboard">With the token to log in by; null where it is off.</param>
/// <param name="Api">The address of the API.</param>
/// <param name="Arrived">The page of the sandbox; null without it.</param>
/// <param name="Kafka">Bootstrap servers.</param>
/// <param name="KafkaNote">What to know about this Kafka; null where it is an ordinary one.</param>
/// <param name="Redis">The connection string.</param>
/// <param name="Database">The connection string of Notify's database.</param>
/// <param name="ApiKey">The development key.</param>
internal sealed record RunRecord(
    int Process,
    string Project,
    string? DataFolder,
    string? Dashboard,
    string Api,
    string? Arrived,
    string Kafka,
    string? KafkaNote,
    string Redis,
    string Database,
    string ApiKey
)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    private static string Folder =>
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "notify",
            "running"
        );

    private string File => Path.Combine(Folder, $"{Process}.json");

    /// <summary>The hosts that run now. What a killed host left is deleted.</summary>
    public static IReadOnlyList<RunRecord> All()
    {
        if (!Directory.Exists(Folder))
            return [];
        var found = new List<RunRecord>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.json"))
        {
            if (Read(file) is { } record)
                found.Add(record);
        }
        return found;
    }

    /// <summary>The hosts of the clone that <paramref name="path"/> is in.</summary>
    public static IReadOnlyList<RunRecord> Beside(string path) =>
        [
            .. All()
                .Where(record =>
                    Path.GetFullPath(path)
                        .StartsWith(Path.GetDirectoryName(record.Project) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ),
        ];

    public void Write()
    {
        var directory = Directory.CreateDirectory(Folder);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            directory.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var file = new FileStream(File, options);
        JsonSerializer.Serialize(file, this, s_json);
    }

    public void Delete() => System.IO.File.Delete(File);

    private static RunRecord? Read(string file)
    {
        try
        {
            var record = JsonSerializer.Deserialize<RunRecord>(System.IO.File.ReadAllText(file), s_json);
            if (record is not null && IsHost(record.Process))
                return record;
            System.IO.File.Delete(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            // Another program writes or deletes it just now, or an older version wrote it.
        }
        return null;
    }

    /// <summary>A process id comes to be another program's after a while, so the name counts too.</summary>
    private static bool IsHost(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return process.ProcessName.StartsWith("Notify.AppHost", StringComparison.Ordinal)
                || process.ProcessName.StartsWith("dotnet", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
