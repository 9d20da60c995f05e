using Notify.Tests.Support;

namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class PushOutcomeTests(NotifyApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_error_is_tried_again_and_sent_by_the_second_attempt()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (fcm, apns) = (Requests.NewFcmToken(), Requests.NewApnsToken());
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "fcm",
                address = fcm,
                status = 503,
                retryAfter = 1,
                times = 1,
            },
            Cancel
        );
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "apns",
                address = apns,
                status = 503,
                code = "ServiceUnavailable",
                times = 1,
            },
            Cancel
        );

        var first = await notify.Api.AcceptedAsync(Requests.Fcm(fcm), Cancel);
        var second = await notify.Api.AcceptedAsync(Requests.Apns(apns, priority: "high"), Cancel);

        foreach (var (id, token) in new[] { (first, fcm), (second, apns) })
        {
            var delivery = await notify.Api.SingleAsync(id, "sent", Cancel);
            Assert.Equal(["transient", "sent"], delivery.Attempts.Select(attempt => attempt.Outcome));
            Assert.Equal(delivery.ProviderMessageId, (await notify.Sandbox.SingleToAsync(token, Cancel)).ProviderId);
        }
    }

    [Theory]
    [InlineData("fcm", "UNREGISTERED")]
    [InlineData("apns", "Unregistered")]
    public async Task A_dead_token_fails_disables_its_device_and_is_not_tried_again(string platform, string code)
    {
        var notify = await app.ReadyAsync(Cancel);
        var (recipient, email, token) = (
            Requests.NewRecipient(),
            Requests.NewEmail(),
            platform == "fcm" ? Requests.NewFcmToken() : Requests.NewApnsToken()
        );
        await notify.Api.PutAsync($"/v1/recipients/{recipient}", new { email }, Cancel);
        await notify.Api.PutAsync($"/v1/recipients/{recipient}/devices/phone", new { token, platform }, Cancel);
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = platform,
                address = token,
                code,
            },
            Cancel
        );
        var request = new
        {
            recipients = new[] { recipient },
            channels = new[] { "push" },
            message = new { title = "Hello", body = "It works." },
        };

        var first = await notify.Api.AcceptedAsync(request, Cancel);
        var dead = await notify.Api.SingleAsync(first, "failed", Cancel);
        await Until.GetAsync(
            async () => (await DeviceStateAsync(notify, recipient)) == "disabled" ? "" : null,
            _ => "the device is disabled",
            Cancel
        );
        var second = await notify.Api.AcceptedAsync(request, Cancel);
        var next = await notify.Api.SingleAsync(second, "skipped", Cancel);

        Assert.Equal(("dead_address", code), (dead.Reason, dead.Code));
        Assert.Equal("no_address", next.Reason);
        Assert.Empty(await notify.Sandbox.ToAsync(token, Cancel));
    }

    [Fact]
    public async Task A_push_whose_answer_was_lost_is_sent_again_under_the_same_collapse_id()
    {
        var notify = await app.ReadyAsync(Cancel);
        var token = Requests.NewApnsToken();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "apns",
                address = token,
                drop = "afterRequest",
                times = 1,
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Apns(token, priority: "high"), Cancel);
        var delivery = await notify.Api.SingleAsync(id, "sent", Cancel);

        Assert.Equal(["ambiguous", "sent"], delivery.Attempts.Select(attempt => attempt.Outcome));
        var arrived = await Task.WhenAll(
            (await notify.Sandbox.ToAsync(token, Cancel)).Select(message => notify.Sandbox.FullAsync(message, Cancel))
        );
        Assert.Equal([true, false], arrived.Select(message => message.Answered).OrderDescending());
        Assert.Single(arrived.Select(message => message.Header("apns-collapse-id")).Distinct());
        Assert.All(arrived, message => Assert.Equal(delivery.Id, message.DeliveryId));
    }

    [Fact]
    public async Task A_push_whose_answer_was_lost_stays_unknown_where_it_must_not_come_twice()
    {
        var notify = await app.ReadyAsync(Cancel);
        var token = Requests.NewFcmToken();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "fcm",
                address = token,
                drop = "afterRequest",
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Fcm(token, category: Requests.AtMostOnce), Cancel);
        var delivery = await notify.Api.SingleAsync(id, "unknown", Cancel);

        Assert.Equal("answer_lost", delivery.Reason);
        await notify.Sandbox.SingleToAsync(token, Cancel);
    }

    private static async Task<string> DeviceStateAsync(RunningNotify notify, string recipient) =>
        (await notify.Api.GetAsync($"/v1/recipients/{recipient}", Cancel))["devices"]![0]!["state"]!.GetValue<string>();
}
