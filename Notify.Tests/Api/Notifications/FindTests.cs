using System.Net;
using Notify.Core.Notifications;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Notifications;

[Collection(SharedPostgres.Name)]
public sealed class FindTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Notification_is_shown_with_its_deliveries_to_its_tenant_alone()
    {
        var key = await fixture.Database.AddDeliveryAsync("waiting", "'2030-01-01'");
        await fixture.Database.ExecuteAsync(
            $$"""UPDATE deliveries SET attempts = '[{"at":"2026-11-21T12:00:00Z","provider":"twilio","outcome":"throttled","milliseconds":7,"code":"429"}]', reason = 'throttled' WHERE delivery_id = '{{key.Id}}'"""
        );
        var id = await fixture.Database.ScalarAsync<Guid>($"SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}'");

        using var response = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/notifications/{id}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var delivery = (await ApiHost.JsonAsync(response)).GetProperty("deliveries")[0];
        Assert.Equal(
            ("waiting", "throttled", "+15005550006"),
            (
                delivery.GetProperty("state").GetString(),
                delivery.GetProperty("reason").GetString(),
                delivery.GetProperty("address").GetString()
            )
        );
        Assert.Equal(
            (7, "429"),
            (
                delivery.GetProperty("attempts")[0].GetProperty("milliseconds").GetInt32(),
                delivery.GetProperty("attempts")[0].GetProperty("code").GetString()
            )
        );
        Assert.StartsWith("2030-01-01", delivery.GetProperty("dueAt").GetString(), StringComparison.Ordinal);

        using var other = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/notifications/{id}", key: ApiHost.OtherKey);
        await ApiFixture.AssertProblemAsync(other, 404, "not-found");
    }

    [Fact]
    public async Task Notification_is_found_by_a_delivery_with_its_trace()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var key = await fixture.Database.AddDeliveryAsync("sent");
        var id = await fixture.Database.ScalarAsync<Guid>($"SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}'");
        await fixture.Database.ExecuteAsync(
            $"UPDATE notifications SET trace_parent = '00-{trace}-00f067aa0ba902b7-01' WHERE notification_id = '{id}'"
        );

        using var response = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/deliveries/{key.Id}");
        var view = await ApiHost.JsonAsync(response);
        Assert.Equal((id, trace), (view.GetProperty("id").GetGuid(), view.GetProperty("traceId").GetString()));

        using var other = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/deliveries/{key.Id}", key: ApiHost.OtherKey);
        await ApiFixture.AssertProblemAsync(other, 404, "not-found");
        using var unknown = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/deliveries/{id}"); // a notification's id is no delivery's
        await ApiFixture.AssertProblemAsync(unknown, 404, "not-found");
        using var word = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/deliveries/abc");
        await ApiFixture.AssertProblemAsync(word, 404, "not-found", "id", "invalid");
    }

    [Fact]
    public async Task Push_token_is_not_shown()
    {
        var key = await fixture.Database.AddDeliveryAsync("sent");
        await fixture.Database.ExecuteAsync(
            $"UPDATE deliveries SET channel = 'push', address = 'secret-token-of-a-device' WHERE delivery_id = '{key.Id}'"
        );
        var id = await fixture.Database.ScalarAsync<Guid>($"SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}'");
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/notifications/{id}");
        Assert.Equal("…device", (await ApiHost.JsonAsync(response)).GetProperty("deliveries")[0].GetProperty("address").GetString());
    }

    [Theory]
    [InlineData("a3bb189e-8bf9-4c64-9bd5-5b1f2a5f2a11")]
    [InlineData("00000000-0000-7000-8000-000000000000")]
    [InlineData("e677d21f-dbff-7fff-bfff-ffffffffffff")]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    public async Task Unknown_ids_are_not_found(string id)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/notifications/{id}");
        await ApiFixture.AssertProblemAsync(response, 404, "not-found");
    }

    [Theory]
    [InlineData("GET", "/v1/notifications/{0}", "notification")]
    [InlineData("DELETE", "/v1/notifications/{0}", "notification")]
    [InlineData("GET", "/v1/dead-letters/{0}", "dead letter")]
    [InlineData("GET", "/v1/dead-letters/replays/{0}", "replay")]
    [InlineData("POST", "/v1/dead-letters/replays/{0}/stop", "replay")]
    [InlineData("POST", "/v1/dead-letters/replays/{0}/resume", "replay")]
    public async Task What_is_no_id_is_called_so(string method, string path, string what)
    {
        using var response = await fixture.Api.SendAsync(new(method), path.Replace("{0}", "abc", StringComparison.Ordinal));
        var problem = await ApiFixture.AssertProblemAsync(response, 404, "not-found", "id", "invalid");
        Assert.Contains($"id: abc is not the id of a {what}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_are_utc_and_say_so()
    {
        var key = await fixture.Database.AddDeliveryAsync("waiting", "'2030-01-01 01:02:03.5+00'");
        var id = await fixture.Database.ScalarAsync<Guid>($"SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}'");
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/notifications/{id}");
        var view = await ApiHost.JsonAsync(response);
        Assert.Equal("2030-01-01T01:02:03.5Z", view.GetProperty("deliveries")[0].GetProperty("dueAt").GetString());
        Assert.EndsWith("Z", view.GetProperty("acceptedAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fresh_id_may_still_be_on_its_way()
    {
        using var response = await fixture.Api.SendAsync(
            HttpMethod.Get,
            $"/v1/notifications/{UuidV7.New(TimeProvider.System.GetUtcNow().AddMinutes(-1))}"
        );
        var problem = await ApiFixture.AssertProblemAsync(response, 404, "not-found");
        Assert.Contains("ask again", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
