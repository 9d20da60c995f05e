using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Screenshots;

/// <summary>One picture of each page that somebody should see before trying Notify.</summary>
internal sealed class Pictures
{
    private const float Deadline = 60_000; // ms; a busy machine is slow, a wrong page stays wrong

    private static readonly string[] s_running = ["kafka", "postgres", "redis", "api", "router", "push", "email", "sms", "sandbox"];

    private readonly IPage _page;
    private readonly string _folder;

    public Pictures(IPage page, string folder)
    {
        (_page, _folder) = (page, folder);
        _page.SetDefaultTimeout(Deadline);
        SetDefaultExpectTimeout(Deadline);
    }

    /// <summary>The sandbox's page with a mail opened.</summary>
    public async Task ArrivedAsync(string sandbox)
    {
        await _page.GotoAsync(sandbox);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Email: Your invoice for November" }).ClickAsync();
        await Expect(_page.FrameLocator("iframe").GetByText("View the invoice")).ToBeVisibleAsync();
        await SaveAsync("arrived");
    }

    /// <summary>The dashboard's list of resources, with all of them in the state that they should have.</summary>
    public async Task DashboardAsync(string login)
    {
        await _page.GotoAsync(login);
        foreach (var resource in s_running)
            await Expect(StateOf(resource, "Running")).ToBeVisibleAsync();
        await Expect(StateOf("migrations", "Finished")).ToBeVisibleAsync();
        await DismissNoticesAsync();
        await SaveAsync("dashboard");
    }

    /// <summary>A resource's first cell is called by its type and name.</summary>
    private ILocator StateOf(string resource, string state) =>
        _page
            .GetByRole(AriaRole.Row)
            .Filter(new() { Has = _page.GetByRole(AriaRole.Gridcell, new() { NameRegex = new Regex($": {resource}$") }) })
            .GetByText(state, new() { Exact = true });

    /// <summary>Notices tell of the machine on which the pictures are made, such as that it has no development certificate.</summary>
    private async Task DismissNoticesAsync()
    {
        var dismiss = _page.GetByLabel("Dismiss notification");
        for (var left = await dismiss.CountAsync(); left > 0; left--)
        {
            await dismiss.First.ClickAsync();
            await Expect(dismiss).ToHaveCountAsync(left - 1);
        }
        await _page.Mouse.MoveAsync(0, 0); // what stands there now must not look pressed
    }

    private Task SaveAsync(string name) =>
        _page.ScreenshotAsync(new() { Path = Path.Combine(_folder, $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
}
