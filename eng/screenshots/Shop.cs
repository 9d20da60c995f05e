using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Screenshots;

/// <summary>What a shop sends on an ordinary day, so that the pictures show what somebody would want to see.</summary>
internal static class Shop
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private const string Invoice = """
        <div style="font:15px/1.5 system-ui,sans-serif;color:#1f2937;max-width:520px;margin:12px">
          <p>Hello Grace,</p>
          <p>thank you for your order. Your invoice for November is below; the amount is charged to your card on the 15th.</p>
          <style>td { padding: 8px 0; border-bottom: 1px solid #e5e7eb } td + td { text-align: right }</style>
          <table style="width:100%;border-collapse:collapse">
            <tr><td>Walking boots, size 39</td><td>€ 129.00</td></tr>
            <tr><td>Merino socks, 2 pairs</td><td>€ 31.80</td></tr>
            <tr><td><b>Total</b></td><td><b>€ 160.80</b></td></tr>
          </table>
          <p style="margin-top:24px"><a href="https://shop.example/invoices/2026-1104"
            style="background:#4f46e5;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none">View the invoice</a></p>
        </div>
        """;

    private static readonly object[] s_notifications =
    [
        new
        {
            category = "account",
            priority = "high",
            recipients = new[] { new { email = "linus@example.test" } },
            message = new
            {
                title = "Welcome to Alpenrose",
                body = "Hello Linus, your account is ready. Tell us your size and we will show you what fits.",
            },
        },
        new
        {
            category = "orders",
            recipients = new[] { new { phone = "+15005550021", push = new { platform = "fcm", token = "radias-phone" } } },
            message = new
            {
                title = "Ready for collection",
                body = "Order 48213 waits for you at Alpenrose, Market Street 12, until Saturday.",
                sms = new { body = "Alpenrose: order 48213 is ready for collection at Market Street 12 until Saturday." },
            },
        },
        new
        {
            category = "login",
            priority = "critical",
            ttl = 300,
            recipients = new[] { new { phone = "+15005550034" } },
            message = new { title = "Your code", body = "482 913 is your Alpenrose code. It is valid for five minutes; never pass it on." },
        },
        new
        {
            category = "orders",
            recipients = new[]
            {
                new
                {
                    email = "ada@example.test",
                    phone = "+15005550009",
                    push = new { platform = "apns", token = "9f2c6a1be07d4f53a8c1d0e94b7763e29f2c6a1be07d4f53a8c1d0e94b7763e2" },
                },
            },
            message = new
            {
                title = "Your order has been shipped",
                body = "Order 48207 arrives tomorrow between 9 and 12. You can still change the time.",
                sms = new { body = "Alpenrose: order 48207 arrives tomorrow between 9 and 12." },
            },
            payload = new { order = "48207", screen = "tracking" },
        },
        new
        {
            category = "billing",
            recipients = new[] { new { email = "grace@example.test", push = new { platform = "fcm", token = "graces-phone" } } },
            message = new
            {
                title = "Your invoice for November",
                body = "€ 160.80, charged to your card on the 15th.",
                email = new { html = Invoice },
            },
        },
    ];

    /// <summary>Comes back once everything has been sent.</summary>
    public static async Task SendAsync(Uri api, string key)
    {
        using var http = new HttpClient { BaseAddress = api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var deadline = new CancellationTokenSource(Deadline);
        foreach (var notification in s_notifications)
        {
            using var response = await http.PostAsJsonAsync("v1/notifications", notification, deadline.Token);
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(deadline.Token);
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"The Api answered {answer}.");
            // One after the other, so that the page lists them in this order.
            while (!await IsSentAsync(http, answer!["id"]!.GetValue<string>(), deadline.Token))
                await Task.Delay(Pause, deadline.Token);
        }
    }

    private static async Task<bool> IsSentAsync(HttpClient http, string id, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"v1/notifications/{id}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return false; // not routed yet
        response.EnsureSuccessStatusCode();
        var notification = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return notification!["deliveries"]!.AsArray().All(delivery => delivery!["state"]!.GetValue<string>() == "sent");
    }
}
