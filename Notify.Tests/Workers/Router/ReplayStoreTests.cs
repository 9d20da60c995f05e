using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Api.Auditing;
using Notify.Api.DeadLetters;
using Notify.Api.Keys;
using Notify.Core.Auditing;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Pump;
using Notify.Workers.Router.Replays;
using Orders = Notify.Api.DeadLetters.ReplayStore;
using ReplayStore = Notify.Workers.Router.Replays.ReplayStore;

namespace Notify.Tests.Workers.Router;

public sealed class ReplayStoreTests : DatabaseTests
{
    private const string Topic = "notifications.standard";
    private static readonly Owner Operator = new("acme", "ops");
    private static readonly ReplayRequest Everything = new() { Filter = new() { From = DateTimeOffset.UnixEpoch }, RatePerSecond = 10_000 };
    private readonly KafkaBroker _broker = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<RoutingMetrics>().BuildServiceProvider();
    private readonly FixedTime _time = new(TimeProvider.System.GetUtcNow());

    public ReplayStoreTests(PostgresServer server)
        : base(server)
    {
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync("INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now())");
    }

    public override async ValueTask DisposeAsync()
    {
        _broker.Dispose();
        await _services.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Ten_thousand_replayed_twice_at_once_are_released_once_each_and_written_down_each_time()
    {
        var keys = await Database.AddDeadAsync(10_000);
        var fingerprint = await Database.ScalarAsync<string>("SELECT DISTINCT fingerprint FROM dead_letters");
        for (var i = 0; i < 2; i++)
            await Place.AddAsync(Operator, new() { Fingerprint = fingerprint, RatePerSecond = 10_000 }, Cancel);

        await RunUntilDoneAsync(runners: 2);

        Assert.Equal(["10000 10000"], await Database.ListAsync("SELECT DISTINCT matched || ' ' || (replayed + skipped) FROM replays"));
        Assert.Equal(10_000m, await Database.ScalarAsync<decimal>("SELECT sum(replayed) FROM replays"));
        Assert.Equal(["waiting replay 10000"], await Database.ListAsync("SELECT concat_ws(' ', state, reason, count(*)) FROM deliveries GROUP BY state, reason"));
        Assert.Equal(
            ["dead_letter.replayed 10000 10000", "dead_letter.skipped 10000 10000", "replay.created 2 2", "replay.done 2 2"],
            await Database.ListAsync("SELECT concat_ws(' ', action, count(*), count(DISTINCT subject)) FROM audit_log WHERE actor = 'ops' GROUP BY action ORDER BY 1"));
        Assert.Equal(["already_replayed"], await Database.ListAsync("SELECT DISTINCT details->>'reason' FROM audit_log WHERE action = 'dead_letter.skipped'"));
        // Each entry names the replay that the letter itself names.
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM dead_letters l WHERE NOT EXISTS (SELECT FROM audit_log a WHERE a.subject = l.dead_letter_id::text AND a.action = 'dead_letter.replayed' AND a.details->>'replay' = l.last_replay_id::text AND a.details->>'delivery' = l.delivery_id::text)"));

        var third = await Place.AddAsync(Operator, new() { Fingerprint = fingerprint, RatePerSecond = 10_000 }, Cancel);
        await RunUntilDoneAsync(runners: 1);
        Assert.Equal(["0"], await Database.ListAsync($"SELECT matched FROM replays WHERE replay_id = '{third}'"));

        var pump = new DueStore(Database.Source, new DeliveryProducer(_broker.Producer), Metrics, TimeProvider.System);
        while ((await pump.ReleaseDueAsync([("sms", "standard", 2_000, false)], Cancel)).Count > 0)
        {
        }
        var produced = _broker.Read("deliveries.sms.standard").ConvertAll(record => System.Text.Json.JsonSerializer.Deserialize(record.Message.Value, DeliveryJson.Default.DeliveryRecord)!.Id);
        Assert.Equal(keys.Select(key => key.Id).Order(), produced.Order());
    }

    [Fact]
    public async Task Rate_is_kept_whoever_takes_the_steps()
    {
        await Database.AddDeadAsync(300);
        await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 50 }, Cancel);
        _time.Now = TimeProvider.System.GetUtcNow();
        var (one, other) = (Store, Store);
        for (var tenth = 0; tenth <= 40; tenth++)
        {
            while (await one.StepAsync(Cancel) || await other.StepAsync(Cancel))
            {
            }
            Assert.InRange(await Database.ScalarAsync<long>("SELECT matched FROM replays"), 5 * tenth, (5 * tenth) + 5);
            _time.Now += TimeSpan.FromMilliseconds(100);
        }
    }

    [Fact]
    public async Task Stall_is_caught_up_with_by_no_more_than_a_second()
    {
        await Database.AddDeadAsync(300);
        await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 50 }, Cancel);
        _time.Now = TimeProvider.System.GetUtcNow().AddHours(1);
        await StepAllAsync();
        Assert.InRange(await Database.ScalarAsync<long>("SELECT matched FROM replays"), 50, 55);
    }

    [Fact]
    public async Task Stopped_replay_stands_and_resumed_goes_on_where_it_stood()
    {
        await Database.AddDeadAsync(30);
        var id = await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 100 }, Cancel);
        _time.Now = TimeProvider.System.GetUtcNow();
        Assert.True(await Store.StepAsync(Cancel));
        await Place.ChangeAsync(Operator, id, ReplayStates.Running, ReplayStates.Stopped, AuditActions.ReplayStopped, Cancel);
        await Place.ChangeAsync(Operator, id, ReplayStates.Running, ReplayStates.Stopped, AuditActions.ReplayStopped, Cancel);
        _time.Now += TimeSpan.FromMinutes(1);
        Assert.False(await Store.StepAsync(Cancel));
        Assert.Equal(10, await Database.ScalarAsync<int>("SELECT count(*)::int FROM deliveries WHERE state = 'waiting'"));

        await Place.ChangeAsync(Operator, id, ReplayStates.Stopped, ReplayStates.Running, AuditActions.ReplayResumed, Cancel);
        await StepAllAsync();
        Assert.Equal(["done 30 30 0"], await Database.ListAsync("SELECT concat_ws(' ', state, matched, replayed, skipped) FROM replays WHERE finished_at IS NOT NULL"));
        Assert.Equal(
            ["dead_letter.replayed 30", "replay.created 1", "replay.done 1", "replay.resumed 1", "replay.stopped 1"],
            await Database.ListAsync("SELECT concat_ws(' ', action, count(*)) FROM audit_log GROUP BY action ORDER BY 1"));
    }

    [Theory]
    [InlineData(false, "1 2")]
    [InlineData(true, "3 0")]
    public async Task What_a_provider_may_have_taken_is_sent_again_only_when_asked_for(bool include, string expected)
    {
        await Database.AddDeadAsync(1);
        await Database.AddDeadAsync(2, outcome: "ambiguous");
        await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 10_000, IncludeAmbiguous = include }, Cancel);
        await StepAllAsync();
        Assert.Equal([expected], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays"));
        Assert.Equal(include ? [] : ["ambiguous 2"], await Database.ListAsync("SELECT concat_ws(' ', details->>'reason', count(*)) FROM audit_log WHERE action = 'dead_letter.skipped' GROUP BY details->>'reason'"));
        Assert.Equal(include ? 0 : 2, await Database.ScalarAsync<int>("SELECT count(*)::int FROM dead_letters WHERE state = 'open' AND ambiguous"));
    }

    [Fact]
    public async Task Released_delivery_has_all_its_calls_and_an_hour_again_and_dies_as_a_letter_of_its_own()
    {
        var key = Assert.Single(await Database.AddDeadAsync(expires: "now() - interval '1 day'"));
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        Assert.True(await Database.ScalarAsync<bool>("SELECT attempt = 0 AND due_at <= now() AND expires_at BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes' AND jsonb_array_length(attempts) = 1 FROM deliveries"));

        var deliveries = new DeliveryStore(Database.Source);
        var claims = await deliveries.ClaimAsync([key], TimeSpan.FromMinutes(1), Cancel);
        await deliveries.SettleAsync([DeadRows.Died(key, claims[key.Id])], Cancel);
        Assert.Equal(["open 2 f", "replayed 1 f"], await Database.ListAsync("SELECT concat_ws(' ', state, attempt_count, ambiguous) FROM dead_letters ORDER BY 1"));
    }

    [Fact]
    public async Task Delivery_that_is_not_dead_is_left_whatever_its_letter_says()
    {
        await Database.AddDeadAsync(2);
        await Database.ExecuteAsync("UPDATE deliveries SET state = 'sent'");
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        Assert.Equal(["0 2"], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays"));
        Assert.Equal(["not_dead", "not_dead"], await Database.ListAsync("SELECT details->>'reason' FROM audit_log WHERE action = 'dead_letter.skipped'"));
        Assert.Equal(["sent 2"], await Database.ListAsync("SELECT concat_ws(' ', state, count(*)) FROM deliveries GROUP BY state"));
    }

    [Fact]
    public async Task Replay_takes_what_it_asks_for_of_its_own_tenant()
    {
        await Database.AddDeadAsync(3, code: "a");
        await Database.AddDeadAsync(2, code: "b");
        await Database.AddDeadAsync(2, code: "a", tenant: "other");
        var one = Guid.Parse(await Database.ScalarAsync<string>("SELECT min(dead_letter_id::text) FROM dead_letters WHERE tenant_id = 'acme' AND code = 'b'"));
        await Place.AddAsync(Operator, new() { Ids = [one], RatePerSecond = 10_000 }, Cancel);
        await StepAllAsync();
        Assert.Equal(["b 1"], await OpenAndReplayedAsync());

        await Place.AddAsync(Operator, new() { Filter = new() { Code = "a", Kind = "delivery", Channel = "sms", Provider = "twilio", Cause = "attempts_exhausted" }, RatePerSecond = 10_000 }, Cancel);
        await Place.AddAsync(Operator, new() { Ids = [one], RatePerSecond = 10_000 }, Cancel);
        await StepAllAsync();
        Assert.Equal(["a 3", "b 1"], await OpenAndReplayedAsync());
        Assert.Equal(["0 1", "1 0", "3 0"], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays ORDER BY 1"));

        Task<List<string>> OpenAndReplayedAsync() => Database.ListAsync("SELECT concat_ws(' ', code, count(*)) FROM dead_letters WHERE state = 'replayed' GROUP BY code ORDER BY 1");
    }

    [Fact]
    public async Task Letter_that_comes_later_is_not_part_of_a_replay()
    {
        await Database.AddDeadAsync(10);
        await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 50 }, Cancel);
        await Database.AddDeadAsync(10, code: "later");
        await StepAllAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["later"], await Database.ListAsync("SELECT DISTINCT code FROM dead_letters WHERE state = 'open'"));
    }

    [Fact]
    public async Task Record_goes_back_whole_with_the_id_that_it_would_have_had()
    {
        var at = TimeProvider.System.GetUtcNow().AddMinutes(-3);
        var original = Incoming.Record(headers: new Headers().With("tenant", "acme").With("x", "y"), time: at, offset: 41);
        await KeepAsync(original);
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        await Database.ExecuteAsync("UPDATE dead_letters SET state = 'open', replayed_at = NULL");   // a crash between producing and marking
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();

        var records = _broker.Read(Topic);
        Assert.Equal(2, records.Count);
        var expected = (await ReadAsync(original)).Notification!.Id;
        foreach (var record in records)
        {
            Assert.Equal(Incoming.Body, Encoding.UTF8.GetString(record.Message.Value));
            Assert.Equal(("acme", "y"), (record.Message.Headers.Text("tenant"), record.Message.Headers.Text("x")));
            Assert.Equal(expected, (await ReadAsync(new ConsumedRecord(record))).Notification!.Id);
        }
        Assert.Equal(["replayed"], await Database.ListAsync("SELECT state FROM dead_letters"));
    }

    [Fact]
    public async Task Record_with_an_id_keeps_it_and_one_of_no_usable_time_gets_one_of_its_letter()
    {
        var given = UuidV7.New(TimeProvider.System.GetUtcNow()).ToString();
        await KeepAsync(Incoming.Record(headers: new Headers().With("tenant", "acme").With("notification-id", given), offset: 1));
        await KeepAsync(Incoming.Record(headers: new Headers().With("tenant", "acme"), offset: 2));
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        var ids = new List<Guid>();
        foreach (var record in _broker.Read(Topic))
            ids.Add((await ReadAsync(new ConsumedRecord(record))).Notification!.Id);
        Assert.Equal(2, ids.Count);
        Assert.Contains(Guid.Parse(given), ids);
        var made = UuidV7.TimeOf(ids.Single(id => id.ToString() != given));
        Assert.InRange(made, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Step_that_cannot_be_produced_is_taken_again()
    {
        await KeepAsync(Incoming.Record(time: TimeProvider.System.GetUtcNow()));
        await Place.AddAsync(Operator, Everything, Cancel);
        _time.Now = TimeProvider.System.GetUtcNow();
        using (var nowhere = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = "127.0.0.1:1", MessageTimeoutMs = 200 }).SetLogHandler((_, _) => { }).Build())
            await Assert.ThrowsAsync<ProduceFailedException>(() => new ReplayStore(Database.Source, new RecordProducer(nowhere), Metrics, _time).StepAsync(Cancel));
        Assert.Equal(["running 0 open"], await Database.ListAsync("SELECT concat_ws(' ', r.state, r.matched, l.state) FROM replays r, dead_letters l"));
        await StepAllAsync();
        Assert.Equal(["done 1 replayed"], await Database.ListAsync("SELECT concat_ws(' ', r.state, r.matched, l.state) FROM replays r, dead_letters l"));
    }

    [Fact]
    public async Task Record_that_kafka_will_never_take_is_skipped()
    {
        await KeepAsync(Incoming.Record(body: new string(' ', 1_000_000), time: TimeProvider.System.GetUtcNow(), offset: 1));
        await KeepAsync(Incoming.Record(time: TimeProvider.System.GetUtcNow(), offset: 2));
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        Assert.Equal(["1 1"], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays"));
        Assert.Equal(["not_produced"], await Database.ListAsync("SELECT details->>'reason' FROM audit_log WHERE action = 'dead_letter.skipped'"));
    }

    private RoutingMetrics Metrics => _services.GetRequiredService<RoutingMetrics>();

    private Orders Place => new(Database.Source, new AuditWriter(Database.Source, TimeProvider.System), TimeProvider.System);

    private ReplayStore Store => new(Database.Source, _broker.Producer, Metrics, _time);

    private async Task StepAllAsync(TimeSpan forward = default)
    {
        _time.Now = (_time.Now > TimeProvider.System.GetUtcNow() ? _time.Now : TimeProvider.System.GetUtcNow()) + forward;
        while (await Store.StepAsync(Cancel))
        {
        }
    }

    /// <summary>The service as it runs, on the system's clock.</summary>
    private async Task RunUntilDoneAsync(int runners)
    {
        var services = Enumerable.Range(0, runners).Select(_ =>
            new ReplayRunner(new(Database.Source, _broker.Producer, Metrics, TimeProvider.System), TimeProvider.System, NullLogger<ReplayRunner>.Instance)).ToList();
        foreach (var service in services)
            await service.StartAsync(Cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (await Database.ScalarAsync<long>("SELECT count(*) FROM replays WHERE state <> 'done'") > 0)
            await Task.Delay(50, patience.Token);
        foreach (var service in services)
        {
            await service.StopAsync(Cancel);
            service.Dispose();
        }
    }

    private Task KeepAsync(ConsumedRecord record) => new DeadLetterStore(Database.Source, TimeProvider.System).KeepAsync(record, DeadLetterCauses.Failed, Cancel);

    private async Task<ReadResult> ReadAsync(ConsumedRecord record) =>
        await new RecordReader(new TenantDirectory(Database.Scopes, TimeProvider.System), Options.Create(new RouterOptions()), TimeProvider.System).ReadAsync(record, Lane.Standard, Cancel);
}
