using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Notify.Tests.Distributed;

/// <summary>A wrong setting makes FCM refuse every token of an app: the devices outlive it.</summary>
[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class RefusedTokenTests(NotifyApp app)
{
    private const int Devices = 30;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refusals_of_many_tokens_of_one_app_hold_that_app_alone_and_its_devices_can_be_restored()
    {
        var notify = await app.ReadyAsync(Cancel);
        var wrong = $"wrong-{Guid.NewGuid():N}";
        var recipients = Enumerable.Range(0, Devices).Select(_ => Requests.NewRecipient()).ToArray();
        var tokens = recipients.Select(_ => Requests.NewFcmToken()).ToArray();
        foreach (var (recipient, token) in recipients.Zip(tokens))
        {
            await notify.Api.PutAsync($"/v1/recipients/{recipient}", new { }, Cancel);
            await notify.Api.PutAsync(
                $"/v1/recipients/{recipient}/devices/phone",
                new
                {
                    token,
                    platform = "fcm",
                    app = wrong,
                },
                Cancel
            );
            await notify.Sandbox.MisbehaveAsync(
                new
                {
                    provider = "fcm",
                    address = token,
                    code = "SENDER_ID_MISMATCH",
                },
                Cancel
            );
        }

        var refused = await notify.Api.AcceptedAsync(PushTo(recipients), Cancel);
        var held = await notify.Api.WhenAllAsync(
            refused,
            delivery => delivery is { State: "failed" } or { State: "waiting", Reason: "misconfigured" },
            Cancel
        );

        var failed = held.Deliveries.Count(delivery => delivery.State == "failed");
        Assert.InRange(failed, 1, Devices - 1); // those that came before there were enough to doubt them
        var standing = (await notify.Api.GetAsync("/v1/providers", Cancel))["providers"]!
            .AsArray()
            .Where(entry => (string)entry!["provider"]! == "fcm");
        Assert.DoesNotContain(standing, entry => (string)entry!["state"]! == "open");
        var elsewhere = Requests.NewFcmToken();
        await notify.Api.SingleAsync(await notify.Api.AcceptedAsync(Requests.Fcm(elsewhere), Cancel), "sent", Cancel);

        foreach (var token in tokens)
            await notify.Sandbox.BehaveAsync("fcm", token, Cancel);
        using var answer = await notify.Api.PostAsync("/v1/providers/fcm/restore-devices", new { }, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        Assert.InRange((int)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["restored"]!, failed, int.MaxValue);
        foreach (var recipient in recipients)
        {
            var device = Assert.Single((await notify.Api.GetAsync($"/v1/recipients/{recipient}", Cancel))["devices"]!.AsArray());
            Assert.Equal("active", (string)device!["state"]!);
        }
        // The held ones go out when the app's rest is over, and what failed can be sent anew.
        await notify.Api.WhenAllAsync(refused, delivery => delivery.State is "failed" or "sent", Cancel);
        await notify.Api.WhenAllAreAsync(await notify.Api.AcceptedAsync(PushTo(recipients), Cancel), "sent", Cancel);
    }

    private static object PushTo(string[] recipients) =>
        new
        {
            recipients,
            channels = new[] { "push" },
            message = new { title = "Hello", body = "It works." },
        };
}
