using System.Net;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;
using Npgsql;

namespace Notify.Tests.Api.Notifications;

[Collection(SharedPostgres.Name)]
public sealed class CancelTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("queued", "NULL", "cancelled")]
    [InlineData("waiting", "'2030-01-01'", "cancelled")]
    [InlineData("sending", "'2030-01-01'", "sending")]
    [InlineData("sent", "NULL", "sent")]
    [InlineData("dead", "NULL", "dead")]
    public async Task Only_what_has_not_begun_is_cancelled(string state, string due, string expected)
    {
        var key = await fixture.Database.AddDeliveryAsync(state, due);
        var id = await NotificationOfAsync(key);

        using var response = await fixture.Api.SendAsync(HttpMethod.Delete, $"/v1/notifications/{id}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, (await ApiHost.JsonAsync(response)).GetProperty("deliveries")[0].GetProperty("state").GetString());
        await using var database = NpgsqlDataSource.Create(fixture.Database.ConnectionString);
        Assert.Empty(await new DeliveryStore(database).ClaimAsync([key], TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_tenants_notification_is_not_found_and_stays()
    {
        var key = await fixture.Database.AddDeliveryAsync("queued");
        using var response = await fixture.Api.SendAsync(HttpMethod.Delete, $"/v1/notifications/{await NotificationOfAsync(key)}", key: ApiHost.OtherKey);
        await ApiFixture.AssertProblemAsync(response, 404, "not-found");
        Assert.Equal("queued", await fixture.Database.ScalarAsync<string>($"SELECT state FROM deliveries WHERE delivery_id = '{key.Id}'"));
        Assert.Equal(0L, await fixture.Database.ScalarAsync<long>($"SELECT count(*) FROM cancellations WHERE tenant_id <> 'acme'"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-71)]   // routing is that far behind
    public async Task What_is_not_routed_yet_is_cancelled_when_it_is(int hours)
    {
        var id = UuidV7.New(TimeProvider.System.GetUtcNow().AddHours(hours));
        foreach (var _ in Enumerable.Range(0, 2))   // again changes nothing
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
        var store = new DeliveryStore(database);
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

        var states = await fixture.Database.ListAsync($"SELECT state FROM deliveries WHERE delivery_id IN ({string.Join(',', keys.Select(key => $"'{key.Id}'"))})");
        Assert.Equal(claimed, states.Count(state => state == "sending"));
        Assert.Equal(keys.Count - claimed, states.Count(state => state == "cancelled"));
    }

    private Task<Guid> NotificationOfAsync(DeliveryKey key) =>
        fixture.Database.ScalarAsync<Guid>($"SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}'");
}
