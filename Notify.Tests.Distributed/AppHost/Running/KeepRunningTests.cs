using System.Globalization;
using System.Net;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Notify.AppHost.Running;
using Notify.Tests.Distributed.Faults;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed.AppHost.Running;

/// <summary>Services and servers that end without being told to.</summary>
[Collection(nameof(CrashTests))]
[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class KeepRunningTests(NotifyApp app)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly string[] s_all = ["api", "router", "push", "email", "sms", "sandbox", "redis", "postgres"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_killed_or_ends_while_notifications_flow_is_back_and_what_was_accepted_ends_final_or_waits_visibly()
    {
        var notify = await app.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await instances.HealthyAsync(Cancel);
        var category = $"restarts-{Guid.NewGuid():N}";
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var flow = SendAsync(notify, category, enough.Token);

        foreach (var signal in new[] { "KILL", "TERM" }) // a service that gets TERM exits with 0
        {
            foreach (var resource in s_all)
                await EndAsync(instances, resource, signal);
        }
        if (notify.HasRealKafka)
            await EndAsync(instances, "kafka", "KILL");
        await instances.HealthyAsync(Cancel);
        await enough.CancelAsync();
        var accepted = await flow;

        Assert.NotEmpty(accepted);
        await Until.GetAsync(
            async () => accepted.Except(await RoutedAsync(notify, category)).Any() ? null : "",
            _ => "everything accepted is routed",
            Cancel,
            TimeSpan.FromMinutes(3)
        );
        await Until.GetAsync(
            async () => await OpenAsync(notify, category) is [] ? "" : null,
            _ => "no delivery is queued or being sent, which would be neither final nor a visible wait",
            Cancel,
            TimeSpan.FromMinutes(3)
        );
        Assert.Equal(accepted.Count, (await RoutedAsync(notify, category)).Count);
    }

    [Fact]
    public async Task A_channel_that_is_paused_stays_so_until_it_is_resumed()
    {
        var notify = await app.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await instances.HealthyAsync(Cancel);
        var commands = notify.Application.Services.GetRequiredService<ResourceCommandService>();
        var (sms, email) = (instances.Single("sms"), instances.Single("email"));
        Assert.True((await commands.ExecuteCommandAsync(sms, "pause", Cancel)).Success);
        await Until.TrueAsync(() => instances.HasEnded(sms), "the worker ended", Cancel);
        var id = await notify.Api.AcceptedAsync(Requests.Sms(Requests.NewPhone()), Cancel);

        await EndAsync(instances, "email", "KILL"); // is back after a second, in which the other would be, too
        Assert.True(instances.HasEnded(sms));
        Assert.NotNull(instances.ProcessOf(email));

        Assert.True((await commands.ExecuteCommandAsync(sms, "resume", Cancel)).Success);
        await notify.Api.WhenAllAreAsync(id, "sent", Cancel);
        await instances.HealthyAsync(Cancel);
    }

    [Fact]
    public async Task The_dashboards_test_notification_arrives()
    {
        var notify = await app.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await instances.HealthyAsync(Cancel);
        var before = (await notify.Sandbox.CountsAsync(0, Cancel)).GetValueOrDefault("ada@example.test");

        var sent = await notify
            .Application.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(instances.Single("api"), "send-test", Cancel);

        Assert.True(sent.Success);
        await Until.GetAsync(
            async () => (await notify.Sandbox.CountsAsync(0, Cancel)).GetValueOrDefault("ada@example.test") > before ? "" : null,
            _ => "the mail arrives",
            Cancel
        );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(1000, 30)]
    public void Waits_double_up_to_half_a_minute(int restarts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RestartWaits.Before(restarts));

    private static async Task EndAsync(Instances instances, string resource, string signal)
    {
        var instance = instances.Single(resource);
        var process = await Until.GetAsync(
            () => Task.FromResult((object?)instances.ProcessOf(instance)),
            _ => $"{resource} has a process",
            Cancel
        );
        (await instances.SignalAsync(instance, signal)).Dispose();
        await Until.TrueAsync(
            () => instances.ProcessOf(instance) is { } now && now != (int)process,
            $"{resource} is back after {signal}",
            Cancel
        );
    }

    /// <summary>Posts one mail after another, each under a key of its own until it is accepted.</summary>
    private static async Task<List<Guid>> SendAsync(RunningNotify notify, string category, CancellationToken enough)
    {
        var accepted = new List<Guid>();
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var (key, request) = (Guid.NewGuid().ToString(), Requests.Email(Requests.NewEmail(), category: category));
            await Task.Delay(Pace, Cancel); // a steady flow, not a flood
            accepted.Add(
                (Guid)
                    await Until.GetAsync(
                        () => TryAsync(notify, key, request),
                        _ => $"mail {number.ToString(CultureInfo.InvariantCulture)} is accepted",
                        Cancel
                    )
            );
        }
        return accepted;
    }

    private static async Task<object?> TryAsync(RunningNotify notify, string key, object request)
    {
        try
        {
            using var response = await notify.Api.PostAsync("/v1/notifications", request, Cancel, ("Idempotency-Key", key));
            return response.StatusCode == HttpStatusCode.Accepted
                ? System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["id"]!.GetValue<Guid>()
                : null;
        }
        catch (HttpRequestException)
        {
            return null; // the API is away for a moment
        }
    }

    private static Task<List<string>> OpenAsync(RunningNotify notify, string category) =>
        notify.QueryAsync(
            """
            SELECT coalesce(d.state, 'missing') FROM notifications n LEFT JOIN deliveries d USING (tenant_id, accepted_at, notification_id)
             WHERE n.category = @category AND coalesce(d.state, 'missing') IN ('missing', 'queued', 'sending')
            """,
            reader => reader.GetString(0),
            Cancel,
            new NpgsqlParameter("category", category)
        );

    private static Task<List<Guid>> RoutedAsync(RunningNotify notify, string category) =>
        notify.QueryAsync(
            "SELECT notification_id FROM notifications WHERE category = @category",
            reader => reader.GetGuid(0),
            Cancel,
            new NpgsqlParameter("category", category)
        );
}
