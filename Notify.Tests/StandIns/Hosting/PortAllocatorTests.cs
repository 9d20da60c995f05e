using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Orchestration;

namespace Notify.Tests.StandIns.Hosting;

public sealed class PortAllocatorTests : IDisposable
{
    private readonly string _claims = Directory.CreateTempSubdirectory("notify-ports-").FullName;

    [Fact]
    public void Port_that_another_host_is_about_to_use_is_left_to_it()
    {
        var wanted = FreePort();
        using var claims = new PortClaims(_claims);
        using var others = new PortClaims(_claims);

        Assert.Equal(wanted, new PortAllocator(random: false, claims).Take(wanted));
        Assert.NotEqual(wanted, new PortAllocator(random: false, others).Take(wanted));
    }

    [Fact]
    public void Port_is_free_again_when_the_other_host_has_ended()
    {
        var wanted = FreePort();
        using (var others = new PortClaims(_claims))
            new PortAllocator(random: false, others).Take(wanted);
        using var claims = new PortClaims(_claims);

        Assert.Equal(wanted, new PortAllocator(random: false, claims).Take(wanted));
    }

    public void Dispose() => Directory.Delete(_claims, recursive: true);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
