using System.Text.Json;
using Microsoft.Playwright;
using Notify.Tests.Sandbox;
using static Microsoft.Playwright.Assertions;

namespace Notify.Tests.Distributed.Browser;

/// <summary>The page that shows what arrived, on a sandbox of its own.</summary>
[Trait("Needs", "browser")]
public sealed class SandboxPageTests : IAsyncLifetime
{
    private const float Deadline = 60_000; // ms
    private const int PhoneWidth = 390;

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("notify-page-");
    private SandboxFixture _sandbox = null!;
    private TestBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        InstalledBrowser.Need();
        _sandbox = await SandboxFixture.StartAsync(
            "--Sandbox:Notify:Api=http://localhost:5999",
            "--Sandbox:Notify:ApiKey=a-key",
            "--Sandbox:Notify:Dashboard=http://localhost:15999"
        );
        _browser = await TestBrowser.StartAsync(InstalledBrowser.Program!, _home.FullName);
        SetDefaultExpectTimeout(Deadline);
    }

    [Fact]
    public async Task Older_messages_are_reached_and_found()
    {
        await SmsAsync("The first needle of all");
        for (var i = 0; i < 450; i++)
            await SmsAsync($"Hay {i}");
        var page = await OpenAsync();
        var rows = page.Locator("#list .item");
        await Expect(rows).ToHaveCountAsync(200);

        await page.GetByText("Show older").ClickAsync();
        await Expect(rows).ToHaveCountAsync(400);
        await page.GetByText("Show older").ClickAsync();
        await Expect(rows).ToHaveCountAsync(451);
        await Expect(page.GetByText("Show older")).ToBeHiddenAsync();

        await page.Locator("#find").FillAsync("NEEDLE");
        await Expect(rows).ToHaveCountAsync(1);
        await SmsAsync("Another needle"); // one that arrives while a search is shown
        await Expect(rows).ToHaveCountAsync(2);
        await page.Locator("#find").FillAsync("thread");
        await Expect(page.GetByText("No message matches")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Back_leads_from_a_message_to_the_list_on_a_phone()
    {
        await SmsAsync("Hello");
        var page = await OpenAsync(PhoneWidth);
        var (row, message) = (page.Locator("#list .item"), page.Locator("#message"));

        await row.ClickAsync();
        await Expect(message).ToBeVisibleAsync();
        await Expect(row).ToBeHiddenAsync();
        await page.GoBackAsync();
        await Expect(row).ToBeVisibleAsync();
        await row.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
        await Expect(row).ToBeVisibleAsync();
        await page.GoForwardAsync();
        await Expect(message).ToBeVisibleAsync();
        await page.ReloadAsync(); // a link to a message
        await Expect(message).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("light", ColorScheme.Light, 1600)]
    [InlineData("dark", ColorScheme.Dark, 1600)]
    [InlineData("phone", ColorScheme.Light, PhoneWidth)]
    [InlineData("phone-dark", ColorScheme.Dark, PhoneWidth)]
    public async Task A_push_is_shown_as_on_a_phone_with_its_whole_text_and_its_ids(string name, ColorScheme scheme, int width)
    {
        var text = string.Join(' ', Enumerable.Repeat("A text that is longer than a lock screen has room for.", 12));
        await ApnsAsync("Your parcel", text);
        var page = await OpenAsync(width, scheme);

        await page.Locator("#list .item").ClickAsync();

        var shown = page.Locator(".note p");
        await Expect(shown).ToBeVisibleAsync();
        Assert.True(await shown.EvaluateAsync<bool>("text => text.scrollHeight > text.clientHeight")); // cut off
        var whole = page.Locator(".whole");
        await Expect(whole).ToHaveTextAsync(text);
        Assert.True(await whole.EvaluateAsync<bool>("text => text.scrollHeight <= text.clientHeight"));
        Assert.True(await page.Locator(".phone").EvaluateAsync<bool>("phone => phone.offsetHeight > 1.7 * phone.offsetWidth"));
        Assert.NotEqual(
            await page.Locator(".phone").EvaluateAsync<string>("phone => getComputedStyle(phone).borderTopColor"),
            await page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor")
        );
        await Expect(page.GetByText("What the API says")).ToHaveAttributeAsync("href", $"/sandbox/deliveries/{Delivery}");
        await Expect(page.GetByText("Open it on the dashboard")).ToHaveAttributeAsync("href", $"/sandbox/deliveries/{Delivery}/trace");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Copy {Delivery}" })).ToBeVisibleAsync();
        await FitsAsync(page, $"page-{name}");
    }

    [Theory]
    [InlineData(1600)]
    [InlineData(PhoneWidth)]
    public async Task Text_from_right_to_left_is_shown_so(int width)
    {
        await ApnsAsync("الطرد في الطريق", "يصل الطرد يوم الثلاثاء.");
        var page = await OpenAsync(width);
        Assert.Equal("rtl", await DirectionAsync(page.Locator("#list .title").First));

        await page.Locator("#list .item").ClickAsync();

        await Expect(page.Locator(".note p")).ToBeVisibleAsync();
        foreach (var part in new[] { ".note h2", ".note p", ".whole" })
            Assert.Equal("rtl", await DirectionAsync(page.Locator(part)));
        await FitsAsync(page, $"page-rtl-{width}");
    }

    [Fact]
    public async Task Images_that_would_be_fetched_are_named_and_are_not()
    {
        using (var client = await SmtpClientSocket.ConnectAsync(_sandbox.SmtpPort))
        {
            await client.SendAsync(
                "ada@example.test",
                "Subject: Pictures\r\nContent-Type: text/html\r\n\r\n<p>Look</p><img src=\"http://127.0.0.1:1/a.png\" alt=\"a\"><img src=\"//127.0.0.1:1/b.png\">\r\n"
            );
        }
        var page = await OpenAsync();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);

        await page.Locator("#list .item").ClickAsync();

        await Expect(page.GetByText("2 remote images are not loaded")).ToBeVisibleAsync();
        await Expect(page.FrameLocator("iframe").GetByText("Look")).ToBeVisibleAsync();
        Assert.Equal(2, await page.FrameLocator("iframe").Locator("img[src^='data:image/svg']").CountAsync());
        Assert.DoesNotContain(asked, url => url.Contains("127.0.0.1:1/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_sandbox_shows_a_curl_for_the_api_that_runs()
    {
        var page = await OpenAsync();

        await Expect(page.Locator("#curl")).ToContainTextAsync("curl http://localhost:5999/v1/notifications");
        await Expect(page.Locator("#curl")).ToContainTextAsync("Bearer a-key");
        await FitsAsync(page, "page-empty");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
        _home.Delete(recursive: true);
    }

    private const string Delivery = "0192f0c1-2345-7abc-8def-0123456789ab";

    private async Task<IPage> OpenAsync(int width = 1600, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await _browser.OpenPageAsync(width, 900, scheme);
        page.SetDefaultTimeout(Deadline);
        await page.GotoAsync(_sandbox.Http.BaseAddress!.ToString());
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        return page;
    }

    private async Task SmsAsync(string text) => (await _sandbox.SendSmsAsync(body: text)).Dispose();

    private async Task ApnsAsync(string title, string body)
    {
        var payload = JsonSerializer.Serialize(
            new Dictionary<string, object> { ["aps"] = new { alert = new { title, body } }, ["notify-delivery-id"] = Delivery }
        );
        (await _sandbox.SendApnsAsync(payload: payload)).EnsureSuccessStatusCode();
    }

    private static Task<string> DirectionAsync(ILocator part) => part.EvaluateAsync<string>("part => getComputedStyle(part).direction");

    /// <summary>Nothing is wider than the window. The picture is for whoever wants to look.</summary>
    private static async Task FitsAsync(IPage page, string name)
    {
        await page.ScreenshotAsync(new() { Path = Path.Combine(InstalledBrowser.Artifacts, $"{name}.png") });
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
    }
}
