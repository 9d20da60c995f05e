using System.Net;
using System.Net.Sockets;
using Notify.AppHost.Hosting;

namespace Notify.Tests.Distributed.AppHost.Hosting;

public sealed class PortsTests
{
    [Fact]
    public void A_wanted_port_that_is_free_is_given_once()
    {
        var wanted = Free();

        Assert.Equal(wanted, Ports.Take(wanted));
        // as a second host that starts in the same second finds it: claimed, though nobody listens yet
        Assert.NotEqual(wanted, Ports.Take(wanted));
    }

    [Fact]
    public void A_wanted_port_on_which_somebody_listens_is_not_given()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.NotEqual(((IPEndPoint)listener.LocalEndpoint).Port, Ports.Take(((IPEndPoint)listener.LocalEndpoint).Port));
    }

    [Fact]
    public void No_port_is_given_twice() => Assert.Distinct(Enumerable.Range(0, 200).Select(_ => Ports.Take()));

    private static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
