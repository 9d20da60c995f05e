using System.Net;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;
using Npgsql;

namespace Notify.Tests.Api.Notifications;

[Collection(SharedPostgres.Name)]
public sealed class CancelTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("queued", "NULL")]
    [InlineData("waiting", "'2030-01-01'")]
    public async Task What_has_not_begun_is_cancelled_however_often_it_is_asked_for(string state, string due)
    {
        var key = await fixture.Database.AddDeliveryAsync(state, due);
        var id = await NotificationOfAsync(key);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var response = await fixture.Api.SendAsync(HttpMethod.Delete, $"/v1/notifications/{id}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("""{"cancelled":1,"alreadySent":0}""", (await ApiHost.JsonAsync(response)).GetRawText());
        }

        Assert.Equal("cancelled", await StateOfAsync(key));
        await using var database = NpgsqlDataSource.Create(fixture.Database.ConnectionString);
        Assert.Empty(await new WorkerRows(database).ClaimAsync([key], TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("sending", "'2030-01-01'", 1)]
    [InlineData("sent", "NULL", 1)]
    [InlineData("unknown", "NULL", 1)]
    [InlineData("dead", "NULL", 0)]
    [InlineData("skipped", "NULL", 0)]
    public async Task Where_nothing_can_be_cancelled_the_answer_says_what_became_of_it(string state, string due, int alreadySent)
    {
        var key = await fixture.Database.AddDeliveryAsync(state, due);

        using var response = await fixture.Api.SendAsync(HttpMethod.Delete, $"/v1/notifications/{await NotificationOfAsync(key)}");

        var problem = await ApiFixture.AssertProblemAsync(response, 409, "nothing-to-cancel");
        Assert.Equal((0, alreadySent), (problem.GetProperty("cancelled").GetInt32(), problem.GetProperty("alreadySent").GetInt32()));
        Assert.Contains($"1 {state}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(state, await StateOfAsync(key));
    }

    [Fact]
    public async Task Answer_counts_what_was_cancelled_and_what_a_provider_has()
    {
        var keys = new List<DeliveryKey>();
        foreach (var (state, due) in new[] { ("queued", "NULL"), ("waiting", "'2030-01-01'"), ("sent", "NULL"), ("skipped", "NULL") })
            keys.Add(await fixture.Database.AddDeliveryAsync(state, due));
        var id = await NotificationOfAsync(keys[0]);
        var rows = string.Join(',', keys.Select(key => $"'{key.Id}'"));
        await fixture.Database.ExecuteAsync(
            $"""
            UPDATE deliveries SET notification_id = '{id}', accepted_at = (SELECT accepted_at FROM notifications WHERE notification_id = '{id}'),
                                  delivery_id = (left('{keys[0].Id}', 24) || right(delivery_id::text, 12))::uuid
             WHERE delivery_id IN ({rows})
            """
        );

        using var response = await fixture.Api.SendAsync(HttpMethod.Delete, $"/v1/notifications/{id}");

        Assert.Equal("""{"cancelled":2,"alreadySent":1}""", (await ApiHost.JsonAsync(response)).GetRawText());
    }

    [Fact]
    public async Task Other_tenants_notification_is_not_found_and_stays()
    {
        var key = await fixture.Database.AddDeliveryAsync("queued");
        using var response = await fixture.Api.SendAsync(
            HttpMethod.Delete,
            $"/v1/notifications/{await NotificationOfAsync(key)}",
            key: ApiHost.OtherKey
        );
        await ApiFixture.AssertProblemAsync(response, 404, "not-found");
        Assert.Equal("queued", await fixture.Database.ScalarAsync<string>($"SELECT state FROM deliveries WHERE delivery_id = '{key.Id}'"));
        Assert.Equal(0L, await fixture.Database.ScalarAsync<long>($"SELECT count(*) FROM cancellations WHERE tenant_id <> 'acme'"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-71)] // routing is that far behind
    public async Task What_is_not_routed_yet_is_cancelled_when_it_is(int hours)
    {
        var id = UuidV7.New(TimeProvider.System.GetUtcNow().AddHours(hours));
        foreach (var _ in Enumerable.Range(0, 2)) // again changes nothing
        {
            using var response = await fixture.Api.SendAsync(HttpMethod.Delete, $"/v1/notifications/{id}");
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            Assert.Equal(id, (await ApiHost.JsonAsync(response)).GetProperty("id").GetGuid());
        }
        Assert.Equal(1L, await fixture.Database.ScalarAsync<long>($"SELECT count(*) FROM cancellations WHERE notification_id = '{id}'"));
    }

    [Theory]
    [InlineData(-73)]
    [InlineData(2)]
    public async Task Id_of_another_time_is_not_found_and_not_kept(int hours)
    {
        var id = UuidV7.New(TimeProvider.System.GetUtcNow().AddHours(hours));
        using var response = await fixture.Api.SendAsync(HttpMethod.Delete, $"/v1/notifications/{id}");
        await ApiFixture.AssertProblemAsync(response, 404, "not-found");
        Assert.Equal(0L, await fixture.Database.ScalarAsync<long>($"SELECT count(*) FROM cancellations WHERE notification_id = '{id}'"));
    }

    [Fact]
    public async Task Cancel_and_claim_race_to_one_winner_for_each_delivery()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var database = NpgsqlDataSource.Create(fixture.Database.ConnectionString);
        var store = new WorkerRows(database);
        var keys = new List<DeliveryKey>();
        for (var i = 0; i < 40; i++)
            keys.Add(await fixture.Database.AddDeliveryAsync("queued"));
        var ids = await Task.WhenAll(keys.Select(NotificationOfAsync));

        var claims = keys.Select(key => Task.Run(() => store.ClaimAsync([key], TimeSpan.FromMinutes(1), cancel), cancel));
        var cancels = ids.Select(async id => (await fixture.Api.SendAsync(HttpMethod.Delete, $"/v1/notifications/{id}")).Dispose());
        var claimed = (await Task.WhenAll(claims.Zip(cancels, async (claim, cancelled) =>
                {
                    await cancelled;
                    return await claim;
                }))).Sum(claim => claim.Count);

        var states = await fixture.Database.ListAsync(
            $"SELECT state FROM deliveries WHERE delivery_id IN ({string.Join(',', keys.Select(key => $"'{key.Id}'"))})"
        );
        Assert.Equal(claimed, states.Count(state => state == "sending"));
        Assert.Equal(keys.Count - claimed, states.Count(state => state == "cancelled"));
    }

    private Task<string> StateOfAsync(DeliveryKey key) =>
        fixture.Database.ScalarAsync<string>($"SELECT state FROM deliveries WHERE delivery_id = '{key.Id}'");

    private Task<Guid> NotificationOfAsync(DeliveryKey key) =>
        fixture.Database.ScalarAsync<Guid>($"SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}'");
}
