namespace Aspire.Hosting.Dashboard.Running;

/// <summary>One installer at a time, across processes: a file that only one of them can hold open.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    public static async Task<IDisposable> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }
}
