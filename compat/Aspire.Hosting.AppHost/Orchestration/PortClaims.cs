using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Tells other hosts of this user which preferred ports will be listened on: a service starts seconds after its port was found free, and a second host
/// that starts meanwhile would find it free too. The system releases a claim when the host dies.
/// </summary>
internal sealed class PortClaims(string folder) : IDisposable
{
    private readonly List<FileStream> _held = [];

    public bool TryClaim(int port)
    {
        try
        {
            Directory.CreateDirectory(folder);
            _held.Add(new FileStream(Path.Combine(folder, port.ToString(CultureInfo.InvariantCulture)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (IOException)
        {
            return false;   // another host has it
        }
        catch (UnauthorizedAccessException)
        {
            return true;   // nothing can be claimed there; that the port is free has to do
        }
    }

    public void Dispose()
    {
        foreach (var file in _held)
            file.Dispose();
        _held.Clear();
    }
}
