using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Notify.Tests.StandIns.Hosting;

public sealed class WaitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_starts_once_what_it_waits_for_has_completed()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var migration = builder.AddMigration("migration");
        builder.AddProbe("service").WaitForCompletion(migration);
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);

        var service = await app.ResourceNotifications.WaitForResourceHealthyAsync("service", Cancel);

        Assert.True(app.ResourceNotifications.TryGetCurrentState("migration", out var done));
        Assert.Equal((KnownResourceStates.Finished, 0), (done.Snapshot.State?.Text, done.Snapshot.ExitCode));
        Assert.True(done.Snapshot.StopTimeStamp <= service.Snapshot.StartTimeStamp);
    }

    [Fact]
    public async Task A_failed_migration_fails_who_waits_for_it_with_a_clear_line_and_is_not_repeated()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var migration = builder.AddMigration("migration", exitCode: 7);
        builder.AddProbe("service").WaitForCompletion(migration);
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);

        await app.ResourceNotifications.WaitForResourceAsync("service", KnownResourceStates.FailedToStart, Cancel);

        Assert.Contains(await app.LinesOfAsync("service", Cancel), line => line.EndsWith("Not started: 'migration', which it waits for, ended with exit code 7 instead of 0. The log of 'migration' says why.", StringComparison.Ordinal));
        Assert.True(app.ResourceNotifications.TryGetCurrentState("migration", out var failed));
        Assert.Equal((KnownResourceStates.Finished, 7), (failed.Snapshot.State?.Text, failed.Snapshot.ExitCode));
    }

    [Fact]
    public async Task A_service_waits_while_its_dependency_is_unhealthy()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var sick = builder.AddProbe("sick").WithEnvironment("PROBE_UNHEALTHY", "1");
        builder.AddProbe("service").WaitFor(sick);
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);

        await app.ResourceNotifications.WaitForResourceAsync(
            "sick", change => change.Snapshot.HealthReports is [{ Description: { } said }] && said.Contains("answered 503", StringComparison.Ordinal), Cancel);

        Assert.True(app.ResourceNotifications.TryGetCurrentState("service", out var waiting));
        Assert.Equal(KnownResourceStates.Waiting, waiting.Snapshot.State?.Text);
    }
}
