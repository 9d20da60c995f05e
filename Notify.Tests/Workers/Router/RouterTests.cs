using Microsoft.Extensions.DependencyInjection;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;

namespace Notify.Tests.Workers.Router;

/// <summary>A part of the Router on a database and a broker of its own.</summary>
public abstract class RouterTests(PostgresServer server) : DatabaseTests(server)
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<RoutingMetrics>().BuildServiceProvider();

    protected KafkaBroker Broker { get; } = new();

    internal RoutingMetrics Metrics => _services.GetRequiredService<RoutingMetrics>();

    public override async ValueTask DisposeAsync()
    {
        Broker.Dispose();
        await _services.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
