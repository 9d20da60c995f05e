using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Core.Messaging;

public sealed class LanePositionReporterTests(PostgresServer server) : DatabaseTests(server), IRecordHandler
{
    private const string Topic = "deliveries.sms.standard";
    private readonly KafkaBroker _broker = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentQueue<ConsumedRecord> _read = [];
    private readonly ManualTime _time = new();

    int IRecordHandler.MaxInFlight => 100;

    public override async ValueTask DisposeAsync()
    {
        _broker.Dispose();
        await _services.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Partition_with_nothing_left_is_passed_up_to_now_and_one_with_an_open_record_up_to_its_time()
    {
        // ahead of the database's clock, which is what "now" comes to
        _time.Advance(TimeProvider.System.GetUtcNow().AddDays(1) - _time.GetUtcNow());
        await _broker.Producer.TryProduceAllAsync([.. Enumerable.Range(0, 40).Select(i => new OutgoingRecord(Topic, [(byte)i], [1], []))]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var lane = new LaneConsumer(
            Topic,
            Connect,
            this,
            new(_services.GetRequiredService<IMeterFactory>()),
            Options.Create(new KafkaOptions()),
            NullLogger<LaneConsumer>.Instance
        );
        lane.Start(stop.Token);
        using var reporter = new LanePositionReporter([new(lane)], new(Database.Source), _time, NullLogger<LanePositionReporter>.Instance);
        await reporter.StartAsync(Cancel);
        await Until.TrueAsync(() => _read.Count == 40, "All records are read.", Cancel);
        var open = _read.First();
        open.Hold();
        foreach (var record in _read.Where(record => record != open))
            record.Finish();

        var last = _read.Max(record => record.Time);
        await UntilPassedAsync(passed =>
            passed.Count > 1
            && passed.Count == lane.Standing.Count
            && passed.All(entry => entry.Key == open.Partition || entry.Value > last)
        );
        Assert.Equal(open.Time, (await PassedAsync())[open.Partition]);

        Assert.True(open.TryBegin());
        open.Finish();

        await UntilPassedAsync(passed => passed[open.Partition] > last);
        Assert.All(await PassedAsync(), entry => Assert.InRange(entry.Value, last!.Value, TimeProvider.System.GetUtcNow().AddMinutes(1)));
        await reporter.StopAsync(Cancel);
        await stop.CancelAsync();
        await lane.Completion;
    }

    async Task IRecordHandler.HandleAsync(IReadOnlyList<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var record in batch)
            _read.Enqueue(record);
    }

    private IConsumer<byte[], byte[]> Connect() => new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = _broker.Address,
                GroupId = "test",
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnableAutoOffsetStore = false,
                AutoCommitIntervalMs = 100,
            }
        ).SetLogHandler((_, _) => { }).Build();

    private Task UntilPassedAsync(Func<Dictionary<int, DateTimeOffset>, bool> condition) =>
        Until.GetAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return condition(await PassedAsync()) ? "" : null;
            },
            _ => "The positions are reported.",
            Cancel
        );

    private async Task<Dictionary<int, DateTimeOffset>> PassedAsync()
    {
        var passed = new Dictionary<int, DateTimeOffset>();
        await using var command = Database.Source.CreateCommand("SELECT partition, passed_at FROM lane_positions");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            passed.Add(reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1));
        return passed;
    }
}
