using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aspire.Hosting.Orchestration;

/// <summary>Where an application keeps its local data: one folder for each AppHost project, and one for fetched tools beside it.</summary>
internal sealed class LocalFolders
{
    private static readonly ConditionalWeakTable<IDistributedApplicationBuilder, LocalFolders> s_known = [];
    private static readonly Lock s_gate = new();
    private readonly Lock _gate = new();

    private LocalFolders(IDistributedApplicationBuilder builder)
    {
        var shared = Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolderOption.DoNotVerify), "notify");
        Tools = Path.GetFullPath(builder.Configuration["Notify:ToolsFolder"] ?? Path.Combine(shared, "tools"));
        Data = builder.Configuration["Notify:DataFolder"] is { Length: > 0 } chosen ? Path.GetFullPath(chosen) : Path.Combine(shared, "data", NameOf(builder.AppHostDirectory));
    }

    public string Data { get; }
    public string Tools { get; }

    public static LocalFolders Of(IDistributedApplicationBuilder builder)
    {
        lock (s_gate)
            return s_known.GetValue(builder, key => new LocalFolders(key));
    }

    /// <summary>Reads the secret that was made before, or makes and keeps it, readable by this user alone.</summary>
    public string KeepSecret(string name, Func<string> make)
    {
        lock (_gate)
        {
            Create(Data);
            var file = Path.Combine(Data, "secrets.json");
            var secrets = File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(file)) ?? [] : [];
            if (secrets.TryGetValue(name, out var kept))
                return kept;
            secrets[name] = make();
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(file + ".new", options))
                JsonSerializer.Serialize(stream, secrets);
            File.Move(file + ".new", file, overwrite: true);
            return secrets[name];
        }
    }

    public static void Create(string folder)
    {
        Directory.CreateDirectory(folder);
    }

    private static string NameOf(string directory)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..8];
        return $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(directory))}-{hash}";
    }
}
