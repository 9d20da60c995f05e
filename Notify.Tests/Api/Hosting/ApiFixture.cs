using System.Text.Json;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Hosting;

/// <summary>One Api with everything it needs, for the tests of a class; each test uses ids of its own.</summary>
public sealed class ApiFixture(PostgresServer server) : IAsyncLifetime
{
    private readonly RespServer _redis = new();

    public KafkaBroker Kafka { get; } = new();

    internal TestDatabase Database { get; private set; } = null!;

    internal ApiHost Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(server);
        Api = await ApiHost.StartAsync(Database.ConnectionString, Kafka.Address, _redis.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Database.DisposeAsync();
        Kafka.Dispose();
        await _redis.DisposeAsync();
    }

    /// <summary>The answer is this problem; <paramref name="field"/> is among its errors.</summary>
    internal static async Task<JsonElement> AssertProblemAsync(
        HttpResponseMessage response,
        int status,
        string type,
        string? field = null,
        string? rule = null
    )
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal($"urn:notify:problem:{type}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
        if (field is not null)
            Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error =>
                error.GetProperty("field").GetString() == field && (rule is null || error.GetProperty("rule").GetString() == rule)
            );
        return problem;
    }
}
