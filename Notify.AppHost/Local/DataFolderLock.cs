using System.Globalization;

namespace Notify.AppHost.Local;

/// <summary>Keeps a second host away from a data folder: two servers on the same files damage them. The system releases it when the host
/// dies.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    public static DataFolderLock Take(string folder)
    {
        LocalFolders.Create(folder);
        // The lock hides the content of its file from others, so the owner's id stands in a second one.
        var ownerFile = Path.Combine(folder, "host.pid");
        try
        {
            var file = new FileStream(Path.Combine(folder, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(ownerFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataFolderLock(file);
        }
        catch (IOException taken)
        {
            var owner = File.Exists(ownerFile) ? $"process {File.ReadAllText(ownerFile).Trim()}" : "another process";
            throw new DistributedApplicationException(
                $"The data folder {folder} is in use by {owner}, another run of this application. Stop it, or choose another folder: --data <folder>.",
                taken
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
