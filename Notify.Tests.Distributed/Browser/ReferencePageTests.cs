using System.Collections.Concurrent;
using Microsoft.Playwright;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Distributed.Browser;

/// <summary>The reference page as a browser shows it, on an Api without the rest of the application.</summary>
[Collection(SharedPostgres.Name)]
public sealed class ReferencePageTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    [Trait("Needs", "browser")]
    public async Task Browser_shows_every_operation_and_asks_nobody_else()
    {
        InstalledBrowser.Need();
        var home = Directory.CreateTempSubdirectory("notify-docs-");
        try
        {
            await using var browser = await TestBrowser.StartAsync(InstalledBrowser.Program!, home.FullName);
            var page = await browser.OpenPageAsync();
            var (asked, refused) = (new ConcurrentQueue<Uri>(), new ConcurrentQueue<string>());
            page.Request += (_, request) => asked.Enqueue(new Uri(request.Url));
            page.Console += (_, message) => refused.Enqueue(message.Text);

            await page.GotoAsync(new Uri(fixture.Api.Http.BaseAddress!, "/docs/").ToString());
            await page.GetByText("Accept one notification").First.WaitForAsync(new() { Timeout = 60_000 });

            Assert.All(asked.Where(address => address.Scheme.StartsWith("http", StringComparison.Ordinal)), address =>
                Assert.Equal(fixture.Api.Http.BaseAddress!.Authority, address.Authority)
            );
            Assert.DoesNotContain(refused, text => text.Contains("Content Security Policy", StringComparison.Ordinal));
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
