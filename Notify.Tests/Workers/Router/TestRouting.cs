using System.Reflection;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Routing;
using Notify.Tests.Core.Caching;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Shares;
using Npgsql;

namespace Notify.Tests.Workers.Router;

/// <summary>Routes notifications into a database, with a broker that takes everything and keeps what it was given.</summary>
internal sealed class TestRouting
{
    private readonly IProducer<byte[], byte[]> _broker = DispatchProxy.Create<IProducer<byte[], byte[]>, TakingBroker>();
    private readonly NotificationRouter _router;

    public TestRouting(NpgsqlDataSource database, TenantShares shares, TimeProvider time, ProfileCache? profiles = null)
    {
        var redis = new SilentRedis();
        redis.Answer();
        _router = new(
            database,
            new(
                database,
                new(profiles ?? new(redis.Connection, NullLogger<ProfileCache>.Instance, new(new ManualTime())), database),
                new()
            ),
            new DayPartitions(database),
            new(new RecordProducer(_broker), shares),
            shares,
            Options.Create(new RouterOptions()),
            time,
            NullLogger<NotificationRouter>.Instance
        );
    }

    /// <summary>The deliveries that are produced for them, in this order.</summary>
    public async Task<List<DeliveryRecord>> RouteAsync(CancellationToken cancellationToken, params IncomingNotification[] batch)
    {
        await _router.RouteAsync(Lane.Standard, batch, notification => notification.TraceParent, cancellationToken);
        return ((TakingBroker)(object)_broker).Take();
    }

#pragma warning disable CA1852 // The proxy's class derives from it, at run time.
    internal class TakingBroker : DispatchProxy
#pragma warning restore CA1852
    {
        private readonly Lock _lock = new();
        private List<DeliveryRecord> _taken = [];

        public List<DeliveryRecord> Take()
        {
            lock (_lock)
                return Interlocked.Exchange(ref _taken, []);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var message = (Message<byte[], byte[]>)args![1]!;
            lock (_lock)
                _taken.Add(JsonSerializer.Deserialize(message.Value, DeliveryJson.Default.DeliveryRecord)!);
            ((Action<DeliveryReport<byte[], byte[]>>)args[2]!)(
                new()
                {
                    Error = new(ErrorCode.NoError),
                    Message = message,
                    Status = PersistenceStatus.Persisted,
                }
            );
            return null;
        }
    }
}
