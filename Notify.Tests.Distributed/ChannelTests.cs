namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class ChannelTests(NotifyApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_request_reaches_push_email_and_sms_once_each()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (email, phone, fcm, apns) = (Requests.NewEmail(), Requests.NewPhone(), Requests.NewFcmToken(), Requests.NewApnsToken());

        var id = await notify.Api.AcceptedAsync(
            new
            {
                recipients = new object[]
                {
                    new
                    {
                        email,
                        phone,
                        push = new { token = fcm, platform = "fcm" },
                    },
                    new { push = new { token = apns, platform = "apns" } },
                },
                message = new
                {
                    title = "Sent – today",
                    body = "Your parcel is on its way.",
                    email = new { subject = "Parcel ✓", html = "<p>On its <b>way</b></p>" },
                    sms = new { body = "Parcel sent" },
                },
                payload = new { parcel = 17, carrier = "post" },
            },
            Cancel
        );
        var seen = await notify.Api.WhenAllAreAsync(id, "sent", Cancel);

        Assert.Equal(["email", "push", "push", "sms"], seen.Deliveries.Select(delivery => delivery.Channel));
        Assert.Equal(["apns", "fcm", "smtp", "twilio"], seen.Deliveries.Select(delivery => delivery.Provider!).Order());
        Assert.All(seen.Deliveries, delivery => Assert.Equal("sent", Assert.Single(delivery.Attempts).Outcome));

        var mail = await notify.Sandbox.SingleToAsync(email, Cancel);
        Assert.Equal(
            ("Parcel ✓", "Your parcel is on its way.", "<p>On its <b>way</b></p>"),
            (mail.Mail!.Subject, mail.Mail.Text!.Trim(), mail.Mail.Html!.Trim())
        );
        var text = await notify.Sandbox.SingleToAsync(phone, Cancel);
        Assert.Equal(("Parcel sent", 1), (text.Sms!.Text, text.Sms.Segments));
        Assert.Equal(1, seen.Deliveries.Single(delivery => delivery.Channel == "sms").Segments);
        foreach (var token in new[] { fcm, apns })
        {
            var push = await notify.Sandbox.SingleToAsync(token, Cancel);
            Assert.Equal(
                ("Sent – today", "Your parcel is on its way.", "17", "post"),
                (push.Push!.Title, push.Push.Body, push.Push.Data["parcel"], push.Push.Data["carrier"])
            );
            Assert.Contains(seen.Deliveries, delivery => delivery.Id == push.DeliveryId && delivery.ProviderMessageId == push.ProviderId);
        }
        Assert.Equal(text.ProviderId, seen.Deliveries.Single(delivery => delivery.Provider == "twilio").ProviderMessageId);
        Assert.Equal(mail.ProviderId, seen.Deliveries.Single(delivery => delivery.Provider == "smtp").ProviderMessageId);
    }

    [Fact]
    public async Task A_registered_recipient_is_reached_at_every_address()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (recipient, email, phone, fcm, apns) = (
            Requests.NewRecipient(),
            Requests.NewEmail(),
            Requests.NewPhone(),
            Requests.NewFcmToken(),
            Requests.NewApnsToken()
        );
        await notify.Api.PutAsync($"/v1/recipients/{recipient}", new { email, phone }, Cancel);
        await notify.Api.PutAsync($"/v1/recipients/{recipient}/devices/android", new { token = fcm, platform = "fcm" }, Cancel);
        await notify.Api.PutAsync(
            $"/v1/recipients/{recipient}/devices/iphone",
            new
            {
                token = apns,
                platform = "apns",
                app = "com.example.other",
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(
            new { recipients = new[] { recipient }, message = new { title = "Hello", body = "It works." } },
            Cancel
        );
        var seen = await notify.Api.WhenAllAreAsync(id, "sent", Cancel);

        Assert.Equal(4, seen.Deliveries.Count);
        Assert.All(seen.Deliveries, delivery => Assert.Equal(recipient, delivery.RecipientId));
        foreach (var address in new[] { email, phone, fcm })
            await notify.Sandbox.SingleToAsync(address, Cancel);
        Assert.Equal("com.example.other", (await notify.Sandbox.SingleToAsync(apns, Cancel)).Push!.App);
    }

    [Fact]
    public async Task A_channel_without_an_address_is_skipped_with_the_reason()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (recipient, email) = (Requests.NewRecipient(), Requests.NewEmail());
        await notify.Api.PutAsync($"/v1/recipients/{recipient}", new { email }, Cancel);

        var id = await notify.Api.AcceptedAsync(
            new
            {
                recipients = new[] { recipient },
                channels = new[] { "email", "sms", "push" },
                message = new { title = "Hello", body = "It works." },
            },
            Cancel
        );
        var seen = await notify.Api.WhenAllAsync(id, delivery => delivery.State is "sent" or "skipped", Cancel);

        Assert.Equal(
            [("email", "sent", null), ("push", "skipped", "no_address"), ("sms", "skipped", "no_address")],
            seen.Deliveries.Select(delivery => (delivery.Channel, delivery.State, delivery.Reason))
        );
        await notify.Sandbox.SingleToAsync(email, Cancel);
    }

    [Fact]
    public async Task An_unknown_recipient_is_skipped_with_the_reason()
    {
        var notify = await app.ReadyAsync(Cancel);

        var id = await notify.Api.AcceptedAsync(
            new
            {
                recipients = new[] { Requests.NewRecipient() },
                channels = new[] { "email" },
                message = new { title = "Hello", body = "It works." },
            },
            Cancel
        );

        Assert.Equal("unknown_recipient", (await notify.Api.SingleAsync(id, "skipped", Cancel)).Reason);
    }
}
