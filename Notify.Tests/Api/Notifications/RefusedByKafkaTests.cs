using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Notifications;

/// <summary>Kafka takes less than the Api: a broker or a client with a smaller limit of its own.</summary>
[Collection(SharedPostgres.Name)]
public sealed class RefusedByKafkaTests(PostgresServer server) : IAsyncLifetime
{
    private const string Small = """{"recipients":["u1"],"channels":["sms"],"message":{"body":"B"}}""";
    private static readonly string s_large = Small.Replace("\"B\"", $"\"{new string('B', 1_500)}\"", StringComparison.Ordinal);
    private readonly KafkaBroker _kafka = new();
    private readonly RespServer _redis = new();
    private ApiHost _api = null!;

    public async ValueTask InitializeAsync() =>
        _api = await ApiHost.StartAsync(
            await server.CreateDatabaseAsync(),
            _kafka.Address,
            _redis.Address,
            null,
            "Aspire:Confluent:Kafka:Producer:Config:MessageMaxBytes=1200"
        );

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _kafka.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Batch_never_says_202_for_what_was_not_persisted_however_often_it_is_asked()
    {
        for (var asked = 0; asked < 2; asked++)
        {
            using var answer = await _api.SendAsync(
                HttpMethod.Post,
                "/v1/notifications/batch",
                $$"""{"notifications":[{{Small}},{{s_large}}]}""",
                idempotencyKey: "batch"
            );

            Assert.Equal(
                [202, 413],
                (await ApiHost.JsonAsync(answer))
                    .GetProperty("results")
                    .EnumerateArray()
                    .Select(result => result.GetProperty("status").GetInt32())
            );
            Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
            Assert.False(answer.Headers.Contains("Retry-After"));
        }
    }

    [Fact]
    public async Task What_Kafka_never_takes_is_the_clients_413_however_often_it_is_asked()
    {
        for (var asked = 0; asked < 2; asked++)
        {
            using var answer = await _api.SendAsync(HttpMethod.Post, "/v1/notifications", s_large, idempotencyKey: "large");

            await ApiFixture.AssertProblemAsync(answer, 413, "too-large", "", "too_large");
            Assert.False(answer.Headers.Contains("Retry-After"));
        }
    }
}
