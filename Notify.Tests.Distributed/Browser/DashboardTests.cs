using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Notify.Tests.Distributed.Browser;

/// <summary>What a developer sees who starts the application and opens the links it prints.</summary>
[Trait("Needs", "browser")]
[Collection("One application at a time")]
public sealed class DashboardTests(DashboardFixture app, ITestOutputHelper output) : IClassFixture<DashboardFixture>, IAsyncLifetime
{
    private const float Deadline = 60_000; // ms; a busy machine is slow, a wrong page stays wrong

    private IPage _page = null!;
    private Uri? _sent;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _page = await app.OpenPageAsync();
        SetDefaultExpectTimeout(Deadline);
        _page.SetDefaultTimeout(Deadline);
    }

    [Fact]
    public async Task Login_link_shows_every_resource_in_its_state()
    {
        await LogInAsync();

        foreach (var resource in new[] { "kafka", "postgres", "notifydb", "redis", "api", "router", "push", "email", "sms", "sandbox" })
            await Expect(StateOf(resource, "Running")).ToBeVisibleAsync();
        await Expect(StateOf("migrations", "Finished")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_the_login_link_nothing_is_shown()
    {
        await _page.GotoAsync(app.Host.Login.GetLeftPart(UriPartial.Authority));

        await Expect(_page).ToHaveURLAsync(new Regex("/login"));
        await Expect(RowOf("api")).Not.ToBeVisibleAsync();
    }

    [Fact]
    public async Task Console_logs_show_what_a_service_prints()
    {
        await LogInAsync();

        await RowOf("api").GetByRole(AriaRole.Button, new() { Name = "Console logs" }).ClickAsync();

        await Expect(_page.GetByText("Application started")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Notification_arrives_on_the_open_sandbox_page_and_each_message_can_be_read()
    {
        var title = $"Parcel {Guid.NewGuid():N}";
        await _page.GotoAsync(app.Host.Sandbox.ToString());
        await Expect(_page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();

        await SendAsync(title);
        foreach (var channel in new[] { "Email", "Push", "SMS" }) // the list is drawn anew as each arrives, and a click on it would be lost
            await Expect(Arrived(channel, title)).ToBeVisibleAsync();

        await Arrived("Email", title).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        await Expect(_page.FrameLocator("iframe").GetByText($"Rich {title}")).ToBeVisibleAsync();
        await Arrived("Push", title).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        await Expect(_page.Locator("#message").GetByText($"Body of {title}").First).ToBeVisibleAsync();
        await Arrived("SMS", title).ClickAsync();
        await Expect(_page.Locator("#message").GetByText("1 segment · GSM-7")).ToBeVisibleAsync();
        await Expect(_page.Locator("#message").GetByText($"Body of {title}").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Message_that_arrives_while_the_list_is_on_its_way_stays_on_the_page()
    {
        var (before, title) = ($"Before {Guid.NewGuid():N}", $"Parcel {Guid.NewGuid():N}");
        await _page.GotoAsync(app.Host.Sandbox.ToString());
        await SendAsync(before);
        await Expect(Arrived("Email", before)).ToBeVisibleAsync();
        await _page.AddInitScriptAsync(
            """
            const ask = window.fetch;
            window.fetch = async address => {
              const answer = await ask(address);   // a list is held back as it was when it was asked for
              if (address.startsWith('/sandbox/messages?')) await new Promise(release => window.release = release);
              return answer;
            };
            """
        );
        await _page.ReloadAsync();
        await _page.WaitForFunctionAsync("() => window.release");
        await SendAsync(title);
        await Expect(Arrived("Email", title)).ToBeVisibleAsync();

        await _page.EvaluateAsync("() => window.release()");

        await Expect(Arrived("Email", before)).ToBeVisibleAsync(); // the list is there
        await Expect(Arrived("Email", title)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Trace_of_a_notification_goes_from_the_api_over_the_router_to_every_worker()
    {
        var trace = Guid.NewGuid().ToString("N");
        await SendAsync("Traced", trace);
        await LogInAsync();

        // By its address: the dashboard's own link, clicked while the list of resources is still being drawn, ends the page's connection to
        // it.
        await _page.GotoAsync(new Uri(app.Host.Login, "/traces").ToString());
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Traces" })).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Searchbox).FillAsync("POST /v1/notifications");

        var row = _page.GetByRole(AriaRole.Row).Filter(new() { HasText = trace[..7] });
        foreach (var service in new[] { "api", "router", "push", "email", "sms" })
            await Expect(row.GetByText(new Regex($@"^\s*{service} \(\d+\)\s*$"))).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Service_is_stopped_and_started_by_its_buttons()
    {
        await LogInAsync();
        await Expect(StateOf("sms", "Running")).ToBeVisibleAsync();

        await RowOf("sms").GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(StateOf("sms", "Finished")).ToBeVisibleAsync();
        await RowOf("sms").GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(StateOf("sms", "Running")).ToBeVisibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_page is null)
            return;
        if (TestContext.Current.TestState?.Result == TestResult.Failed) // the outcome of the test, which is over
        {
            var name = TestContext.Current.TestMethod!.MethodName;
            await _page.ScreenshotAsync(new() { Path = Path.Combine(InstalledBrowser.Artifacts, $"{name}.png") });
            await File.WriteAllTextAsync(Path.Combine(InstalledBrowser.Artifacts, $"{name}.log"), app.Host.Output, CancellationToken.None);
            if (_sent is not null)
                output.WriteLine(await app.Api.GetStringAsync(_sent, CancellationToken.None)); // says where the notification stands
        }
        await _page.Context.CloseAsync();
    }

    private Task LogInAsync() => _page.GotoAsync(app.Host.Login.ToString());

    /// <summary>A resource's first cell is called by its type and name.</summary>
    private ILocator RowOf(string resource) =>
        _page
            .GetByRole(AriaRole.Row)
            .Filter(new() { Has = _page.GetByRole(AriaRole.Gridcell, new() { NameRegex = new Regex($": {resource}$") }) });

    private ILocator StateOf(string resource, string state) => RowOf(resource).GetByText(state, new() { Exact = true });

    private ILocator Arrived(string channel, string title) =>
        _page.GetByRole(AriaRole.Button).Filter(new() { HasText = $"{channel}:" }).Filter(new() { HasText = title });

    /// <summary>To one person on all channels; with an id for the trace that it begins, where one is given.</summary>
    private async Task SendAsync(string title, string? trace = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/notifications");
        if (trace is not null)
            request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        request.Content = JsonContent.Create(
            new
            {
                recipients = new[]
                {
                    new
                    {
                        email = "ada@example.test",
                        phone = "+15005550006",
                        push = new { token = "adas-phone", platform = "fcm" },
                    },
                },
                category = "parcels",
                message = new
                {
                    title,
                    body = $"Body of {title}",
                    email = new { subject = title, html = $"<p>Rich {title}</p>" },
                },
            }
        );

        using var response = await app.Api.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        _sent = response.Headers.Location;
    }
}
