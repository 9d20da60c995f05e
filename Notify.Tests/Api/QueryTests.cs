using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api;

[Collection(SharedPostgres.Name)]
public sealed class QueryTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Id = "019aa685-7f35-7a0b-89f5-cbc50e3c3c4e";

    [Theory]
    [InlineData("POST", "/v1/notifications")]
    [InlineData("POST", "/v1/notifications/batch")]
    [InlineData("GET", $"/v1/notifications/{Id}")]
    [InlineData("DELETE", $"/v1/notifications/{Id}")]
    [InlineData("GET", "/v1/notifications")]
    [InlineData("GET", "/v1/recipients")]
    [InlineData("PUT", "/v1/recipients/u1")]
    [InlineData("GET", "/v1/recipients/u1")]
    [InlineData("DELETE", "/v1/recipients/u1")]
    [InlineData("PUT", "/v1/recipients/u1/devices/d1")]
    [InlineData("GET", "/v1/recipients/u1/devices/d1")]
    [InlineData("DELETE", "/v1/recipients/u1/devices/d1")]
    [InlineData("GET", "/v1/dead-letters")]
    [InlineData("GET", "/v1/dead-letters/groups")]
    [InlineData("GET", $"/v1/dead-letters/{Id}")]
    [InlineData("POST", "/v1/dead-letters/replays")]
    [InlineData("GET", "/v1/dead-letters/replays")]
    [InlineData("GET", $"/v1/dead-letters/replays/{Id}")]
    [InlineData("POST", $"/v1/dead-letters/replays/{Id}/stop")]
    [InlineData("GET", "/v1/audit")]
    [InlineData("PUT", "/v1/categories/news")]
    [InlineData("GET", "/v1/categories")]
    [InlineData("GET", "/v1/categories/news")]
    [InlineData("DELETE", "/v1/categories/news")]
    [InlineData("GET", "/v1/settings")]
    [InlineData("PUT", "/v1/settings")]
    [InlineData("GET", "/v1/recipients/u1/preferences")]
    [InlineData("PUT", "/v1/recipients/u1/preferences")]
    [InlineData("PATCH", "/v1/recipients/u1/preferences")]
    [InlineData("GET", "/v1/recipients/u1/consent-log")]
    [InlineData("POST", "/v1/suppressions")]
    [InlineData("GET", "/v1/suppressions")]
    [InlineData("DELETE", "/v1/suppressions/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e")]
    [InlineData("GET", "/v1/notifications/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e/explain")]
    [InlineData("POST", "/v1/simulate")]
    [InlineData("POST", "/v1/recipients/bulk")]
    [InlineData("POST", "/v1/suppressions/bulk")]
    [InlineData("GET", "/v1/providers", "ntf_operate")]
    public async Task Unknown_parameter_is_refused_by_name(string method, string path, string key = ApiHost.Key)
    {
        foreach (var name in new[] { "recipiant", "Limit" }) // names are case-sensitive, as those of fields are
        {
            using var response = await fixture.Api.SendAsync(new(method), $"{path}?{name}=1", key: key);
            var problem = await ApiFixture.AssertProblemAsync(response, 400, "invalid", name, "unknown_parameter");
            Assert.StartsWith($"{name}: ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Known_parameters_are_named_and_taken()
    {
        using var refused = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/audit?limit=1&offset=5");
        var problem = await ApiFixture.AssertProblemAsync(refused, 400, "invalid", "offset");
        Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Contains("subject, limit, after, unassigned", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var taken = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/dead-letters?kind=record&channel=sms&limit=1&state=open");
        Assert.True(taken.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Caller_without_a_key_is_asked_for_it_first()
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/audit?offset=5", key: null);
        await ApiFixture.AssertProblemAsync(response, 401, "unauthenticated");
    }
}
