using System.Net;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Api;

[Collection(SharedPostgres.Name)]
public sealed class OutageTests(PostgresServer server)
{
    private const string Away = "127.0.0.1:1";
    private const string Good = """{"recipients":["u1"],"channels":["sms"],"message":{"body":"B"}}""";

    [Fact]
    public async Task Without_kafka_nothing_is_accepted()
    {
        await using var redis = new RespServer();
        await using var api = await ApiHost.StartAsync(await server.CreateDatabaseAsync(), Away, redis.Address);

        using var one = await api.SendAsync(HttpMethod.Post, "/v1/notifications", Good, idempotencyKey: "k");
        await ApiFixture.AssertProblemAsync(one, 503, "unavailable");
        Assert.NotNull(one.Headers.RetryAfter);

        using var batch = await api.SendAsync(HttpMethod.Post, "/v1/notifications/batch", $$"""{"notifications":[{{Good}},{{Good}}]}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, batch.StatusCode);
        Assert.NotNull(batch.Headers.RetryAfter);
        Assert.Equal(0, (await ApiHost.JsonAsync(batch)).GetProperty("accepted").GetInt32());

        using var health = await api.SendAsync(HttpMethod.Get, "/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
    }

    [Fact]
    public async Task Without_postgres_and_redis_accepting_goes_on_and_looking_is_refused()
    {
        using var kafka = new KafkaBroker();
        await using var relay = new Relay(server.Port);
        var database = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Port = relay.Port }.ConnectionString;
        await using var api = await ApiHost.StartAsync(database, kafka.Address, Away);
        using var before = await api.SendAsync(HttpMethod.Get, "/v1/recipients/u1");
        await ApiFixture.AssertProblemAsync(before, 404, "not-found");

        await relay.CutAsync();

        using var accepted = await api.SendAsync(HttpMethod.Post, "/v1/notifications", Good, idempotencyKey: "k");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Single(kafka.Read("notifications.standard"));
        foreach (var path in new[] { "/v1/recipients/u1", "/v1/notifications/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e" })
        {
            using var refused = await api.SendAsync(HttpMethod.Get, path);
            await ApiFixture.AssertProblemAsync(refused, 503, "unavailable");
            Assert.NotNull(refused.Headers.RetryAfter);
        }
        using var device = await api.SendAsync(HttpMethod.Put, "/v1/recipients/u1/devices/d1", """{"token":"t","platform":"fcm"}""");
        await ApiFixture.AssertProblemAsync(device, 503, "unavailable");
        using var missing = await api.SendAsync(HttpMethod.Post, "/v1/notifications", Good, key: null);
        await ApiFixture.AssertProblemAsync(missing, 401, "unauthenticated");
        // It may have been made since: as soon as the keys could not be read again, nobody here knows.
        await Until.TrueAsync(
            async () =>
            {
                using var unknown = await api.SendAsync(HttpMethod.Post, "/v1/notifications", Good, key: "ntf_unknown");
                return unknown.StatusCode == HttpStatusCode.ServiceUnavailable && unknown.Headers.RetryAfter is not null;
            },
            "503 for an unknown key",
            TestContext.Current.CancellationToken
        );
        using var ready = await api.SendAsync(HttpMethod.Get, "/health", key: null);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Replica_that_started_without_postgres_asks_to_come_again_until_it_has_read_the_keys()
    {
        using var kafka = new KafkaBroker();
        await using var redis = new RespServer();
        await using var relay = new Relay(server.Port);
        relay.Refuse();
        var migrated = await server.CreateDatabaseAsync();
        var away = new NpgsqlConnectionStringBuilder(migrated) { Port = relay.Port }.ConnectionString;
        await using var api = await ApiHost.StartAsync(away, kafka.Address, redis.Address, keysIn: migrated);

        using var refused = await api.SendAsync(HttpMethod.Post, "/v1/notifications", Good);
        await ApiFixture.AssertProblemAsync(refused, 503, "unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
        using var missing = await api.SendAsync(HttpMethod.Post, "/v1/notifications", Good, key: null);
        await ApiFixture.AssertProblemAsync(missing, 401, "unauthenticated");
        using var notReady = await api.SendAsync(HttpMethod.Get, "/health", key: null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        using var alive = await api.SendAsync(HttpMethod.Get, "/alive", key: null);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        relay.Admit();
        await Until.TrueAsync(
            async () =>
            {
                using var accepted = await api.SendAsync(HttpMethod.Post, "/v1/notifications", Good);
                return accepted.StatusCode == HttpStatusCode.Accepted;
            },
            "the keys read",
            TestContext.Current.CancellationToken
        );
        using var ready = await api.SendAsync(HttpMethod.Get, "/health", key: null);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var unknown = await api.SendAsync(HttpMethod.Post, "/v1/notifications", Good, key: "ntf_unknown");
        await ApiFixture.AssertProblemAsync(unknown, 401, "unauthenticated");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_redis_equal_requests_at_one_process_are_one_notification(bool hangs)
    {
        await using var redis = new RespServer();
        using var kafka = new KafkaBroker();
        await using var api = await ApiHost.StartAsync(await server.CreateDatabaseAsync(), kafka.Address, hangs ? redis.Address : Away);
        if (hangs)
            redis.Hang();

        var together = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync(api, Good)));
        var later = await PostAsync(api, Good);
        var other = await PostAsync(api, Good.Replace("u1", "u2", StringComparison.Ordinal));

        Assert.Single(together, answer => answer.Status == HttpStatusCode.Accepted && !answer.Replayed);
        Assert.All(together, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Accepted, HttpStatusCode.Conflict }));
        Assert.Equal((HttpStatusCode.Accepted, true), (later.Status, later.Replayed));
        Assert.Equal(later.Id, Assert.Single(together.Select(answer => answer.Id).OfType<string>().Distinct()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Single(kafka.Read("notifications.standard"));
    }

    private static async Task<(HttpStatusCode Status, string? Id, bool Replayed)> PostAsync(ApiHost api, string body)
    {
        using var response = await api.SendAsync(HttpMethod.Post, "/v1/notifications", body, idempotencyKey: "k");
        var id = response.StatusCode == HttpStatusCode.Accepted ? (await ApiHost.JsonAsync(response)).GetProperty("id").GetString() : null;
        return (response.StatusCode, id, response.Headers.Contains("Idempotency-Replayed"));
    }
}
