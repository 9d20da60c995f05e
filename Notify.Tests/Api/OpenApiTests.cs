using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api;

[Collection(SharedPostgres.Name)]
public sealed class OpenApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly string[] s_withoutBody = ["/stop", "/resume", "/restore-devices", "/bulk"]; // or one of lines

    [Fact]
    public async Task Every_route_is_described()
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, "/openapi/v1.json", key: null);
        var paths = (await ApiHost.JsonAsync(response)).GetProperty("paths");
        var operations = paths
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Where(member => member.Name is "get" or "put" or "post" or "patch" or "delete")
                    .Select(operation => (Name: $"{operation.Name} {path.Name}", operation.Value))
            )
            .ToList();

        Assert.Equal(
            [
                "delete /v1/categories/{categoryId}",
                "delete /v1/notifications/{id}",
                "delete /v1/recipients/{id}",
                "delete /v1/recipients/{id}/devices/{deviceId}",
                "delete /v1/suppressions/{id}",
                "get /v1/audit",
                "get /v1/categories",
                "get /v1/categories/{categoryId}",
                "get /v1/dead-letters",
                "get /v1/dead-letters/groups",
                "get /v1/dead-letters/replays",
                "get /v1/dead-letters/replays/{id}",
                "get /v1/dead-letters/{id}",
                "get /v1/deliveries/{id}",
                "get /v1/notifications",
                "get /v1/notifications/{id}",
                "get /v1/notifications/{id}/explain",
                "get /v1/providers",
                "get /v1/recipients",
                "get /v1/recipients/{id}",
                "get /v1/recipients/{id}/consent-log",
                "get /v1/recipients/{id}/devices/{deviceId}",
                "get /v1/recipients/{id}/notifications",
                "get /v1/recipients/{id}/preferences",
                "get /v1/settings",
                "get /v1/suppressions",
                "patch /v1/recipients/{id}/preferences",
                "post /v1/dead-letters/replays",
                "post /v1/dead-letters/replays/{id}/resume",
                "post /v1/dead-letters/replays/{id}/stop",
                "post /v1/notifications",
                "post /v1/notifications/batch",
                "post /v1/providers/{name}/restore-devices",
                "post /v1/recipients/bulk",
                "post /v1/simulate",
                "post /v1/suppressions",
                "post /v1/suppressions/bulk",
                "put /v1/categories/{categoryId}",
                "put /v1/recipients/{id}",
                "put /v1/recipients/{id}/devices/{deviceId}",
                "put /v1/recipients/{id}/preferences",
                "put /v1/settings",
            ],
            operations.Select(operation => operation.Name.TrimEnd('/')).Order(StringComparer.Ordinal)
        );
        Assert.All(operations, operation =>
        {
            Assert.NotEqual("", operation.Value.GetProperty("summary").GetString());
            Assert.NotEqual("", operation.Value.GetProperty("operationId").GetString());
            var answers = operation.Value.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).ToList();
            Assert.Contains(answers, answer => answer.StartsWith('2'));
            Assert.Superset(new HashSet<string> { "400", "401", "403", "503", "default" }, answers.ToHashSet());
            if (operation.Name.StartsWith('p') && !s_withoutBody.Any(end => operation.Name.EndsWith(end, StringComparison.Ordinal)))
                Assert.True(operation.Value.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
        });
    }
}
