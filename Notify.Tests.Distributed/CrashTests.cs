using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed;

/// <summary>Processes that end in the middle of everything. They run alone, since they take the services from under every other
/// test.</summary>
[CollectionDefinition(nameof(CrashTests), DisableParallelization = true)]
[Collection(nameof(CrashTests))]
[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class CrashTests(NotifyApp app, ITestOutputHelper output)
{
    private const int BatchSize = 100;
    private const int LatencyMs = 50;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly string[] s_providers = ["fcm", "apns", "smtp", "twilio"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int InFlight =>
        int.Parse(Environment.GetEnvironmentVariable("NOTIFY_TEST_INFLIGHT") ?? "2000", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("router")]
    [InlineData("push", "email", "sms")]
    [InlineData("api")]
    public Task A_service_that_is_killed_loses_nothing(params string[] services) => SurvivesAsync(services);

    [Fact]
    public async Task A_broker_that_is_killed_loses_nothing()
    {
        // The built-in broker is a part of the host and keeps nothing: there is no process to kill, and no promise to hold.
        if ((await app.ReadyAsync(Cancel)).HasRealKafka)
            await SurvivesAsync("kafka");
    }

    private async Task SurvivesAsync(params string[] services)
    {
        var notify = await app.ReadyAsync(Cancel);
        var (category, mark) = ($"crash-{Guid.NewGuid():N}", await notify.Sandbox.MarkAsync(Cancel));
        var requests = Enumerable.Range(0, InFlight).Select(index => RequestOf(index, category)).ToList();
        foreach (var provider in s_providers)
            await notify.Sandbox.MisbehaveAsync(new { provider, latencyMs = LatencyMs }, Cancel);
        HashSet<Guid> accepted = [];
        try
        {
            var half = requests.Count / 2;
            accepted.UnionWith(await AcceptAllAsync(notify, requests[..half]));
            var killed = services.ToDictionary(service => service, service => notify.ProcessOf(service) ?? 0);
            var rest = AcceptAllAsync(notify, requests[half..]);
            foreach (var service in services)
                notify.Kill(service);
            accepted.UnionWith(await rest);
            foreach (var service in services)
                await notify.RestartedAsync(service, killed[service], Cancel);
            await SettledAsync(notify, category, requests.Count);
        }
        finally
        {
            foreach (var provider in s_providers)
                await notify.Sandbox.BehaveAsync(provider, null, CancellationToken.None);
        }

        foreach (var service in RunningNotify.Services)
            await notify.HealthyAsync(service, Cancel);
        var rows = await RowsAsync(notify, category);
        Assert.Equal(requests.Count, accepted.Count);
        Assert.Equal(accepted, rows.Select(row => row.Notification).ToHashSet());
        var arrived = await notify.Sandbox.CountsAsync(mark, Cancel);
        Assert.Equal(0, rows.Count(row => !arrived.ContainsKey(row.Address))); // every one that counts as sent arrived
        // A second message is allowed only where a claim was lost with its process, or an answer was: both are on the row.
        Assert.Equal(0, rows.Count(row => arrived[row.Address] > row.Claims));
        output.WriteLine(
            $"Killed {string.Join(", ", services)} with {requests.Count} notifications on their way: {rows.Count} sent, {rows.Count(row => row.Claims > 1)} claimed again, "
                + $"{rows.Count(row => arrived[row.Address] > 1)} messages arrived twice."
        );
    }

    private static object RequestOf(int index, string category) =>
        (index % 4) switch
        {
            0 => Requests.Email(Requests.NewEmail(), category: category),
            1 => Requests.Sms(Requests.NewPhone(), category),
            2 => Requests.Fcm(Requests.NewFcmToken(), category),
            _ => Requests.Email(Requests.NewEmail(), category: category, priority: "low"),
        };

    private static async Task<List<Guid>> AcceptAllAsync(RunningNotify notify, List<object> requests)
    {
        var ids = new List<Guid>();
        foreach (var batch in requests.Chunk(BatchSize))
            ids.AddRange(await AcceptAsync(notify, batch));
        return ids;
    }

    /// <summary>As a producer does it that gives up nothing: the same batch under the same key until all of it is accepted.</summary>
    private static Task<Guid[]> AcceptAsync(RunningNotify notify, object[] batch)
    {
        var (key, last) = (Guid.NewGuid().ToString(), "");
        return Until.GetAsync<Guid[]>(
            async () =>
            {
                try
                {
                    using var response = await notify.Api.PostAsync(
                        "/v1/notifications/batch",
                        new { notifications = batch },
                        Cancel,
                        ("Idempotency-Key", key)
                    );
                    last = await response.Content.ReadAsStringAsync(Cancel);
                    if (response.StatusCode != HttpStatusCode.Accepted)
                        return null;
                    var results = JsonNode.Parse(last)!["results"]!.AsArray();
                    return results.All(result => result!["status"]!.GetValue<int>() == 202)
                        ? [.. results.Select(result => result!["id"]!.GetValue<Guid>())]
                        : null;
                }
                catch (HttpRequestException fault) // the API is gone for a moment
                {
                    last = fault.Message;
                    return null;
                }
            },
            _ => $"a batch is accepted; the last answer was {last}",
            Cancel
        );
    }

    private static async Task SettledAsync(RunningNotify notify, string category, int count)
    {
        List<(string State, int Count)> last = [];
        await Until.GetAsync(
            async () =>
            {
                last = await notify.QueryAsync(
                    """
                    SELECT coalesce(d.state, 'missing'), count(*)::int
                      FROM notifications n LEFT JOIN deliveries d USING (tenant_id, accepted_at, notification_id) WHERE n.category = @category GROUP BY 1
                    """,
                    reader => (reader.GetString(0), reader.GetInt32(1)),
                    Cancel,
                    new NpgsqlParameter("category", category)
                );
                return last is [("sent", var sent)] && sent == count ? "" : null;
            },
            _ => $"all {count} are sent; they are {string.Join(", ", last.Select(state => $"{state.State} {state.Count}"))}",
            Cancel,
            Deadline
        );
    }

    private static Task<List<Row>> RowsAsync(RunningNotify notify, string category) =>
        notify.QueryAsync(
            """
            SELECT d.notification_id, d.address, d.state, d.fence
              FROM notifications n JOIN deliveries d USING (tenant_id, accepted_at, notification_id) WHERE n.category = @category
            """,
            reader => new Row(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3)),
            Cancel,
            new NpgsqlParameter("category", category)
        );

    private sealed record Row(Guid Notification, string Address, string State, int Claims);
}
