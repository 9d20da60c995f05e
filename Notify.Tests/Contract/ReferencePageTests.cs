using System.Text.RegularExpressions;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Contract;

/// <summary>The reference page comes whole from the Api: a network without internet shows it too, and nobody else learns who reads
/// it.</summary>
[Collection(SharedPostgres.Name)]
public sealed partial class ReferencePageTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_and_its_script_come_from_the_api_alone()
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, "/docs/", key: null);
        response.EnsureSuccessStatusCode();
        var page = await response.Content.ReadAsStringAsync(Cancel);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("openapi/v1.json", page.Replace("\\/", "/", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotMatch("https?://|[\"'(]//", page);
        Assert.Contains("connect-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var scripts = Script().Matches(page).Select(script => script.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var fetched = await fixture.Api.SendAsync(
                HttpMethod.Get,
                new Uri(new Uri("http://api/docs/"), script).PathAndQuery,
                key: null
            );
            Assert.True(fetched.IsSuccessStatusCode, script);
        }
    }

    [GeneratedRegex("<script[^>]* src=\"([^\"]+)\"")]
    private static partial Regex Script();
}
