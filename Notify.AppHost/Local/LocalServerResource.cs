using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Notify.AppHost.Local;

/// <summary>A server on this machine's loopback. What its command is becomes known when it is prepared.</summary>
internal class LocalServerResource(string name, int port)
    : ExecutableResource(name, "(not prepared yet)", "."),
        IResourceWithConnectionString
{
    public int Port => port;

    public virtual ReferenceExpression ConnectionStringExpression => Loopback.Address(port);
}

internal static class Loopback
{
    public static ReferenceExpression Address(int port) =>
        ReferenceExpression.Create($"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
}
