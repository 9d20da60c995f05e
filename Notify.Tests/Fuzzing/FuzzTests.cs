using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Support;

namespace Notify.Tests.Fuzzing;

/// <summary>A service that reads a topic on a broker of its own: whatever anybody writes there, the next record is read.</summary>
public abstract class FuzzTests(PostgresServer server) : DatabaseTests(server)
{
    private IProducer<byte[], byte[]>? _producer;

    protected KafkaBroker Broker { get; } = new();

    internal Mutator Mutator { get; } = new(FuzzSettings.Seed);

    public override async ValueTask DisposeAsync()
    {
        _producer?.Dispose();
        Broker.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<RunningService> StartAsync(string name, Action<WebApplicationBuilder> add)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ApplicationName = name,
                EnvironmentName = Environments.Production,
                Args =
                [
                    "--urls=http://127.0.0.1:0",
                    "--Logging:LogLevel:Default=None",
                    $"--ConnectionStrings:notifydb={Database.ConnectionString}",
                    $"--ConnectionStrings:kafka={Broker.Address}",
                    $"--ConnectionStrings:redis={Replica.NoRedis}",
                ],
            }
        );
        builder.AddServiceDefaults();
        add(builder);
        var app = builder.Build();
        await app.StartAsync(Cancel);
        return new RunningService(app);
    }

    /// <summary>Is stopped before it goes: a host that is only disposed of closes clients that its lanes still read with.</summary>
    protected sealed class RunningService(WebApplication app) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
    }

    /// <summary>Writes to one partition, so that what comes after is read after; where it went.</summary>
    protected async Task<long> ProduceAsync(string topic, byte[]? value, Headers headers)
    {
        _producer ??= new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = Broker.Address, LingerMs = 5 })
            .SetLogHandler((_, _) => { })
            .Build();
        var sent = await _producer.ProduceAsync(
            new TopicPartition(topic, 0),
            new Message<byte[], byte[]>
            {
                Key = [1],
                Value = value!,
                Headers = headers,
            },
            Cancel
        );
        return sent.Offset.Value;
    }

    protected static Headers Headers(string? version = RecordHeaders.Version1) =>
        new Headers().With(RecordHeaders.SchemaVersion, version).With(RecordHeaders.Tenant, "acme");

    /// <summary>The causes of the letters by offset; a record that was kept twice comes twice.</summary>
    protected async Task<ILookup<long, string>> LettersAsync() =>
        (await Database.ListAsync("SELECT record_offset || ' ' || cause FROM dead_letters WHERE kind = 'record' ORDER BY record_offset"))
            .Select(text => text.Split(' '))
            .ToLookup(parts => long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts => parts[1]);

    /// <summary>The service has committed everything up to here, and so goes on.</summary>
    protected async Task PassedAsync(string group, string topic, long offset)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Broker.Address, GroupId = group })
            .SetLogHandler((_, _) => { })
            .Build();
        await Until.TrueAsync(() => Committed(consumer, topic) > offset, $"{group} has committed offset {offset}.", Cancel);
    }

    private static long Committed(IConsumer<byte[], byte[]> consumer, string topic) =>
        consumer.Committed([new TopicPartition(topic, 0)], TimeSpan.FromSeconds(10))[0].Offset.Value;
}
