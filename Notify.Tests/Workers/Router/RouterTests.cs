using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;

namespace Notify.Tests.Workers.Router;

/// <summary>A part of the Router on a database and a broker of its own.</summary>
public abstract class RouterTests(PostgresServer server) : DatabaseTests(server)
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<RoutingMetrics>().BuildServiceProvider();

    protected KafkaBroker Broker { get; } = new();

    /// <summary>Before its first look: everything is looked at.</summary>
    internal OpenDays Days => new(Database.Source, TimeProvider.System, NullLogger<OpenDays>.Instance);

    internal RoutingMetrics Metrics => _services.GetRequiredService<RoutingMetrics>();

    /// <summary>Produces the deliveries of tenants that all weigh the same.</summary>
    internal static DeliveryProducer Deliveries(RecordProducer producer) => new(producer, new(Options.Create(new RouterOptions())));

    public override async ValueTask DisposeAsync()
    {
        Broker.Dispose();
        await _services.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
