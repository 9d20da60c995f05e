using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Release;

namespace Notify.Tests.Workers.Router.Shares;

public sealed class ReconcilerTests : DatabaseTests
{
    private const string Topic = "deliveries.sms.standard";
    private const int PartitionsOfMockTopics = 4;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private readonly KafkaBroker _broker = new();
    private readonly IProducer<byte[], byte[]> _client;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<RoutingMetrics>().BuildServiceProvider();
    private readonly DateTimeOffset _passed = TimeProvider.System.GetUtcNow().AddMinutes(-10);

    public ReconcilerTests(PostgresServer server)
        : base(server) =>
        _client = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = _broker.Address })
            .SetLogHandler((_, _) => { })
            .Build();

    private LanePositionStore Positions => new(Database.Source);

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _broker.Dispose();
        await _services.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Queued_row_that_its_lane_has_passed_comes_due_again_and_no_other()
    {
        var lost = await AddAsync(queuedAt: _passed - Margin - TimeSpan.FromSeconds(1));
        var near = await AddAsync(queuedAt: _passed - Margin + TimeSpan.FromSeconds(1));
        var newer = await AddAsync(queuedAt: _passed.AddMinutes(1));
        var unknownTopic = await AddAsync(queuedAt: _passed.AddHours(-1), lane: "bulk");
        var halfKnown = await AddAsync(queuedAt: _passed.AddHours(-1), lane: "critical");
        await Database.BatchQueuedAsync();
        await Positions.ReportAsync(
            Topic,
            [.. Enumerable.Range(0, PartitionsOfMockTopics).Select(partition => (partition, _passed))],
            Cancel
        );
        await Positions.ReportAsync("deliveries.sms.critical", [(0, TimeProvider.System.GetUtcNow())], Cancel);

        await ReconcileUntilAsync(lost);
        var later = await AddAsync(queuedAt: _passed.AddHours(-2));
        await Database.BatchQueuedAsync();
        await ReconcileUntilAsync(later); // a whole round lies between

        foreach (var left in new[] { near, newer, unknownTopic, halfKnown })
            Assert.Equal("queued f", await StateAsync(left));
        Assert.Equal("waiting reconciled t", await StateAsync(lost));
    }

    [Fact]
    public async Task Sending_and_settled_rows_are_left_alone_and_a_round_takes_so_many()
    {
        for (var i = 0; i < 5; i++)
            await AddAsync(_passed.AddHours(-1).AddMinutes(i));
        await Database.BatchQueuedAsync();
        await Database.ExecuteAsync(
            "UPDATE deliveries SET state = 'sending' WHERE delivery_id = (SELECT min(delivery_id::text)::uuid FROM deliveries)"
        );

        Assert.Equal(5, await ComeDueAsync() + await ComeDueAsync() + 1); // one was claimed meanwhile
        Assert.Equal(0, await ComeDueAsync());
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM queued_batches"));

        Assert.Equal(
            ["sending 1", "waiting reconciled 4"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, count(*)) FROM deliveries GROUP BY state, reason ORDER BY 1")
        );
    }

    private async Task<int> ComeDueAsync() =>
        (await ReconcileRows.ComeDueAsync(Database.Source, Channel.Sms, Lane.Standard, _passed, limit: 3, Cancel)).Rows;

    private async Task ReconcileUntilAsync(DeliveryKey key)
    {
        var options = Options.Create(new RouterOptions { ReconcileInterval = TimeSpan.FromMilliseconds(20), ReconcileMargin = Margin });
        using var reconciler = new Reconciler(
            Positions,
            Database.Source,
            _client,
            _services.GetRequiredService<RoutingMetrics>(),
            options,
            TimeProvider.System,
            NullLogger<Reconciler>.Instance
        );
        await reconciler.StartAsync(Cancel);
        await Until.GetAsync(
            async () => await StateAsync(key) == "waiting reconciled t" ? "" : null,
            _ => "The lost row comes due again.",
            Cancel
        );
        await reconciler.StopAsync(Cancel);
    }

    private async Task<DeliveryKey> AddAsync(DateTimeOffset queuedAt, string lane = "standard")
    {
        var key = await Database.AddDeliveryAsync("queued");
        await Database.ExecuteAsync($"UPDATE deliveries SET queued_at = '{queuedAt:O}', lane = '{lane}' WHERE delivery_id = '{key.Id}'");
        return key;
    }

    private async Task<string> StateAsync(DeliveryKey key) =>
        Assert.Single(
            await Database.ListAsync(
                $"SELECT concat_ws(' ', state, reason, due_at IS NOT NULL) FROM deliveries WHERE delivery_id = '{key.Id}'"
            )
        );
}
