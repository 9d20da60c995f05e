using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Browser;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Contract;

/// <summary>The reference page comes whole from the Api: a network without internet shows it too, and nobody else learns who reads it.</summary>
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
            using var fetched = await fixture.Api.SendAsync(HttpMethod.Get, new Uri(new Uri("http://api/docs/"), script).PathAndQuery, key: null);
            Assert.True(fetched.IsSuccessStatusCode, script);
        }
    }

    [Fact]
    [Trait("Needs", "browser")]
    public async Task Browser_shows_every_operation_and_asks_nobody_else()
    {
        Surroundings.Need(Surroundings.Browser is null ? Surroundings.NoBrowser : null);
        var home = Directory.CreateTempSubdirectory("notify-docs-");
        try
        {
            await using var browser = await TestBrowser.StartAsync(Surroundings.Browser!, home.FullName);
            var page = await browser.OpenPageAsync();
            var (asked, refused) = (new ConcurrentQueue<Uri>(), new ConcurrentQueue<string>());
            page.Request += (_, request) => asked.Enqueue(new Uri(request.Url));
            page.Console += (_, message) => refused.Enqueue(message.Text);

            await page.GotoAsync(new Uri(fixture.Api.Http.BaseAddress!, "/docs/").ToString());
            await page.GetByText("Accept one notification").First.WaitForAsync(new() { Timeout = 60_000 });

            Assert.All(asked.Where(address => address.Scheme.StartsWith("http", StringComparison.Ordinal)), address => Assert.Equal(fixture.Api.Http.BaseAddress!.Authority, address.Authority));
            Assert.DoesNotContain(refused, text => text.Contains("Content Security Policy", StringComparison.Ordinal));
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [GeneratedRegex("<script[^>]* src=\"([^\"]+)\"")]
    private static partial Regex Script();
}
