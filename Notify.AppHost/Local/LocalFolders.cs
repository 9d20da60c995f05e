using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Notify.AppHost.Local;

/// <summary>Where an application keeps its local data: one folder for each AppHost project, and one for fetched tools beside it.</summary>
internal sealed class LocalFolders
{
    private static readonly ConditionalWeakTable<IDistributedApplicationBuilder, LocalFolders> s_known = [];
    private static readonly Lock s_gate = new();

    private LocalFolders(IDistributedApplicationBuilder builder)
    {
        var shared = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "notify"
        );
        Tools = Path.GetFullPath(builder.Configuration["Notify:ToolsFolder"] ?? Path.Combine(shared, "tools"));
        Data = (builder.Configuration["data"] ?? builder.Configuration["Notify:DataFolder"]) is { Length: > 0 } chosen
            ? Path.GetFullPath(chosen)
            : Path.Combine(shared, "data", NameOf(builder.AppHostDirectory));
    }

    public string Data { get; }
    public string Tools { get; }

    public static LocalFolders Of(IDistributedApplicationBuilder builder)
    {
        lock (s_gate)
            return s_known.GetValue(builder, key => new LocalFolders(key));
    }

    private DataFolderLock? _lock;

    /// <summary>Held until this process ends.</summary>
    public void Lock() => _lock ??= DataFolderLock.Take(Data);

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
