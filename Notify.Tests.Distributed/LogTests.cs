namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class LogTests(NotifyApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_log_holds_an_address_a_token_or_a_text()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (recipient, email, gone, phone, stopped) = (
            Requests.NewRecipient(),
            Requests.NewEmail(),
            Requests.NewEmail(),
            Requests.NewPhone(),
            Requests.NewPhone()
        );
        var (fcm, dead, apns) = (Requests.NewFcmToken(), Requests.NewFcmToken(), Requests.NewApnsToken());
        var (title, body) = ($"title {Guid.NewGuid():N}", $"body {Guid.NewGuid():N}");
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "smtp",
                address = gone,
                status = 550,
                code = "5.1.1 No such user",
            },
            Cancel
        );
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "twilio",
                address = stopped,
                code = 21610,
            },
            Cancel
        );
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "fcm",
                address = dead,
                code = "UNREGISTERED",
            },
            Cancel
        );
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "apns",
                address = apns,
                drop = "afterRequest",
                times = 1,
            },
            Cancel
        );
        await notify.Api.PutAsync($"/v1/recipients/{recipient}", new { email, phone }, Cancel);
        await notify.Api.PutAsync($"/v1/recipients/{recipient}/devices/phone", new { token = fcm, platform = "fcm" }, Cancel);

        var id = await notify.Api.AcceptedAsync(
            new
            {
                recipients = new object[]
                {
                    new { id = recipient },
                    new
                    {
                        email = gone,
                        phone = stopped,
                        push = new { token = dead, platform = "fcm" },
                    },
                    new { push = new { token = apns, platform = "apns" } },
                },
                message = new { title, body },
                priority = "high",
            },
            Cancel
        );
        await notify.Api.WhenAllAsync(id, delivery => delivery.State is "sent" or "failed" or "suppressed", Cancel);
        using var refused = await notify.Api.PostAsync(
            "/v1/notifications",
            new { recipients = new[] { new { email = $"no address {body}" } }, message = new { title, body } },
            Cancel
        );
        var lines = await notify.Logs.AllLinesAsync();

        Assert.False(refused.IsSuccessStatusCode);
        // the failures were logged, so the logs are whole
        Assert.Contains(lines, line => line.Contains("DeadAddress", StringComparison.Ordinal));
        foreach (var secret in new[] { email, gone, phone, stopped, fcm, dead, apns, title, body, recipient })
            Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}
