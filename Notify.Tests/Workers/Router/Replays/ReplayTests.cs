using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Api.Auditing;
using Notify.Api.DeadLetters;
using Notify.Api.Keys;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Tenants;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Release;
using Notify.Workers.Router.Replays;
using Orders = Notify.Api.DeadLetters.ReplayStore;
using ReplayStore = Notify.Workers.Router.Replays.ReplayStore;

namespace Notify.Tests.Workers.Router.Replays;

/// <summary>Dead letters, replays placed by the Api's store, and the Router's steps through them on a clock of the test's.</summary>
public abstract class ReplayTests(PostgresServer server) : RouterTests(server)
{
    protected const string Topic = "notifications.standard";

    internal static Owner Operator { get; } = new("acme", "ops");

    internal static ReplayRequest Everything { get; } =
        new()
        {
            Filter = new() { From = DateTimeOffset.UnixEpoch },
            RatePerSecond = 10_000,
        };

    internal ManualTime Time { get; } = new(TimeProvider.System.GetUtcNow());

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync("INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now())");
    }

    internal Orders Place => new(Database.Source, new AuditWriter(Database.Source, TimeProvider.System), TimeProvider.System);

    internal ReplayStore Store => StoreOn(Broker.Producer, Time);

    internal ReplayStore StoreOn(RecordProducer producer, TimeProvider time) =>
        new(Database.Source, new(producer), Metrics, time, NullLogger<ReplayStore>.Instance);

    protected async Task StepAllAsync(TimeSpan forward = default)
    {
        Time.Now = (Time.Now > TimeProvider.System.GetUtcNow() ? Time.Now : TimeProvider.System.GetUtcNow()) + forward;
        while (await Store.StepAsync(Cancel)) { }
    }

    /// <summary>The service as it runs, on the system's clock.</summary>
    protected async Task RunUntilDoneAsync(int runners)
    {
        var services = Enumerable
            .Range(0, runners)
            .Select(_ => new ReplayRunner(
                StoreOn(Broker.Producer, TimeProvider.System),
                TimeProvider.System,
                NullLogger<ReplayRunner>.Instance
            ))
            .ToList();
        foreach (var service in services)
            await service.StartAsync(Cancel);
        await Until.GetAsync(
            async () => await Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM replays WHERE state <> 'done')") ? null : "",
            _ => "every replay is done",
            Cancel
        );
        foreach (var service in services)
        {
            await service.StopAsync(Cancel);
            service.Dispose();
        }
    }

    protected Task KeepAsync(ConsumedRecord record) =>
        new DeadLetterStore(Database.Source, TimeProvider.System).KeepAsync(record, DeadLetterCauses.Failed, Cancel);

    internal async Task<ReadResult> ReadAsync(ConsumedRecord record) =>
        await new RecordReader(
            new TenantDirectory(Database.Source, TimeProvider.System),
            Options.Create(new RouterOptions()),
            TimeProvider.System
        ).ReadAsync(record, Lane.Standard, Cancel);
}
