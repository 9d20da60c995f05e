using Microsoft.Playwright;
using Screenshots;

// Called by eng/screenshots.sh, which starts the application.
if (args is not [var program, var login, var api, var key, var sandbox, var folder])
{
    await Console.Error.WriteLineAsync("Screenshots BROWSER LOGIN_LINK API KEY SANDBOX FOLDER");
    return 2;
}

await Shop.SendAsync(new Uri(api), key);

using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(
    new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"] }
);
await using var context = await browser.NewContextAsync(
    new()
    {
        ViewportSize = new() { Width = 1440, Height = 900 },
        ColorScheme = ColorScheme.Light,
        Locale = "en-US",
        ReducedMotion = ReducedMotion.Reduce,
    }
);
var pictures = new Pictures(await context.NewPageAsync(), folder);
await pictures.ArrivedAsync(sandbox);
await pictures.DashboardAsync(login);
return 0;
