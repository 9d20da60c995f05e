namespace Notify.AppHost.Local;

/// <summary>One installer at a time, among all hosts of this machine's user: an exclusively opened file, released by the system when its
/// holder dies.</summary>
internal static class InstallLock
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    /// <param name="toolsFolder">Where the thing is installed; made when it is not there.</param>
    /// <param name="name">What is installed.</param>
    /// <param name="cancellationToken">Gives up waiting for another installer.</param>
    public static async Task<IDisposable> AcquireAsync(string toolsFolder, string name, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(toolsFolder);
        var path = Path.Combine(toolsFolder, $"{name}.lock");
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Retry, cancellationToken);
            }
        }
    }
}
