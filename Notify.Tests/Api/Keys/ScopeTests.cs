using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Keys;

[Collection(SharedPostgres.Name)]
public sealed class ScopeTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("POST", "/v1/notifications", "send")]
    [InlineData("POST", "/v1/notifications/batch", "send")]
    [InlineData("GET", "/v1/notifications/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e", "read")]
    [InlineData("GET", "/v1/notifications", "read")]
    [InlineData("GET", "/v1/recipients", "read")]
    [InlineData("PUT", "/v1/recipients/u1", "manage")]
    [InlineData("GET", "/v1/recipients/u1", "read")]
    [InlineData("DELETE", "/v1/recipients/u1", "manage")]
    [InlineData("PUT", "/v1/recipients/u1/devices/d1", "manage")]
    [InlineData("GET", "/v1/recipients/u1/devices/d1", "read")]
    [InlineData("DELETE", "/v1/recipients/u1/devices/d1", "manage")]
    [InlineData("GET", "/v1/dead-letters", "manage")]
    [InlineData("GET", "/v1/dead-letters/groups", "manage")]
    [InlineData("GET", "/v1/dead-letters/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e", "manage")]
    [InlineData("POST", "/v1/dead-letters/replays", "manage")]
    [InlineData("GET", "/v1/dead-letters/replays", "manage")]
    [InlineData("GET", "/v1/dead-letters/replays/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e", "manage")]
    [InlineData("POST", "/v1/dead-letters/replays/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e/stop", "manage")]
    [InlineData("POST", "/v1/dead-letters/replays/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e/resume", "manage")]
    [InlineData("GET", "/v1/audit", "manage")]
    [InlineData("PUT", "/v1/categories/news", "manage")]
    [InlineData("GET", "/v1/categories", "read")]
    [InlineData("GET", "/v1/categories/news", "read")]
    [InlineData("DELETE", "/v1/categories/news", "manage")]
    [InlineData("GET", "/v1/settings", "read")]
    [InlineData("PUT", "/v1/settings", "manage")]
    [InlineData("GET", "/v1/recipients/u1/preferences", "read")]
    [InlineData("PUT", "/v1/recipients/u1/preferences", "manage")]
    [InlineData("PATCH", "/v1/recipients/u1/preferences", "manage")]
    [InlineData("GET", "/v1/recipients/u1/consent-log", "read")]
    [InlineData("POST", "/v1/suppressions", "manage")]
    [InlineData("GET", "/v1/suppressions", "read")]
    [InlineData("DELETE", "/v1/suppressions/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e", "manage")]
    [InlineData("GET", "/v1/notifications/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e/explain", "read")]
    [InlineData("POST", "/v1/simulate", "read")]
    [InlineData("POST", "/v1/recipients/bulk", "manage")]
    [InlineData("POST", "/v1/suppressions/bulk", "manage")]
    [InlineData("GET", "/v1/providers", "operate")]
    public async Task Endpoint_needs_a_key_with_its_scope(string method, string path, string scope)
    {
        foreach (var key in new[] { null, "ntf_unknown", "", new string('k', 600) })
        {
            using var refused = await fixture.Api.SendAsync(new(method), path, key: key);
            await ApiFixture.AssertProblemAsync(refused, 401, "unauthenticated");
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        }
        foreach (var other in new[] { "send", "read", "manage" }.Where(other => other != scope))
        {
            using var forbidden = await fixture.Api.SendAsync(new(method), path, key: "ntf_" + other);
            var problem = await ApiFixture.AssertProblemAsync(forbidden, 403, "forbidden");
            Assert.Contains(scope, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        using var let = await fixture.Api.SendAsync(new(method), path, key: "ntf_" + scope);
        Assert.False((int)let.StatusCode is 401 or 403);
    }

    [Theory]
    [InlineData("GET", "/v1/dead-letters")]
    [InlineData("GET", "/v1/dead-letters/groups")]
    [InlineData("GET", "/v1/dead-letters/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e")]
    [InlineData("POST", "/v1/dead-letters/replays")]
    [InlineData("GET", "/v1/dead-letters/replays")]
    [InlineData("GET", "/v1/dead-letters/replays/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e")]
    [InlineData("POST", "/v1/dead-letters/replays/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e/stop")]
    [InlineData("POST", "/v1/dead-letters/replays/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e/resume")]
    [InlineData("GET", "/v1/audit")]
    public async Task What_belongs_to_no_tenant_needs_a_scope_of_its_own(string method, string path)
    {
        using var forbidden = await fixture.Api.SendAsync(new(method), path + "?unassigned=true", key: "ntf_manage");
        var problem = await ApiFixture.AssertProblemAsync(forbidden, 403, "forbidden");
        Assert.Contains("operate", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var unclear = await fixture.Api.SendAsync(new(method), path + "?unassigned=perhaps", key: "ntf_operate");
        await ApiFixture.AssertProblemAsync(unclear, 422, "invalid", "unassigned");
        using var let = await fixture.Api.SendAsync(new(method), path + "?unassigned=true", key: "ntf_operate");
        Assert.False((int)let.StatusCode is 401 or 403);
    }

    [Fact]
    public async Task Unknown_paths_and_methods_are_problems_too()
    {
        using var path = await fixture.Api.SendAsync(HttpMethod.Get, "/v2/notifications");
        await ApiFixture.AssertProblemAsync(path, 404, "not-found");
        using var method = await fixture.Api.SendAsync(HttpMethod.Delete, "/v1/notifications");
        await ApiFixture.AssertProblemAsync(method, 405, "method-not-allowed");
        Assert.Contains("POST", method.Content.Headers.Allow);
    }
}
