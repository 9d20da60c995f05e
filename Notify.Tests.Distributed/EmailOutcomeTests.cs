namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class EmailOutcomeTests(NotifyApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mailbox_that_does_not_exist_fails_and_the_others_still_get_their_mail()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (gone, others) = (Requests.NewEmail(), Enumerable.Range(0, 20).Select(_ => Requests.NewEmail()).ToArray());
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

        var id = await notify.Api.AcceptedAsync(
            new
            {
                recipients = others.Take(10).Append(gone).Concat(others.Skip(10)).Select(email => new { email }),
                message = new { title = "Hello", body = "It works." },
            },
            Cancel
        );
        var seen = await notify.Api.WhenAllAsync(id, delivery => delivery.State == (delivery.Address == gone ? "failed" : "sent"), Cancel);

        var failed = seen.Deliveries.Single(delivery => delivery.Address == gone);
        Assert.Equal("dead_address", failed.Reason);
        Assert.StartsWith("550 5.1.1", failed.Code, StringComparison.Ordinal);
        Assert.All(seen.Deliveries.Where(delivery => delivery.Address != gone), delivery => Assert.Single(delivery.Attempts));
        foreach (var other in others)
            await notify.Sandbox.SingleToAsync(other, Cancel);
    }

    [Fact]
    public async Task A_mail_whose_answer_was_lost_is_sent_again_under_the_same_message_id()
    {
        var notify = await app.ReadyAsync(Cancel);
        var email = Requests.NewEmail();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "smtp",
                address = email,
                at = "dot",
                drop = "afterRequest",
                times = 1,
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Email(email), Cancel);
        var delivery = await notify.Api.SingleAsync(id, "sent", Cancel);

        Assert.Equal(["ambiguous", "sent"], delivery.Attempts.Select(attempt => attempt.Outcome));
        // read from the Message-ID
        Assert.Equal([delivery.Id, delivery.Id], (await notify.Sandbox.ToAsync(email, Cancel)).Select(message => message.DeliveryId));
    }

    [Fact]
    public async Task A_delivery_that_fails_every_time_is_dead_after_its_last_attempt()
    {
        var notify = await app.ReadyAsync(Cancel);
        var email = Requests.NewEmail();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "smtp",
                address = email,
                status = 451,
                code = "4.3.0 Try again",
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Email(email), Cancel);
        var delivery = await notify.Api.SingleAsync(id, "dead", Cancel);

        Assert.Equal("attempts_exhausted", delivery.Reason);
        Assert.Equal(["transient", "transient", "transient", "transient"], delivery.Attempts.Select(attempt => attempt.Outcome));
        Assert.Empty(await notify.Sandbox.ToAsync(email, Cancel));
    }

    [Fact]
    public async Task A_delivery_that_waits_past_its_expiry_expires()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (email, phone) = (Requests.NewEmail(), Requests.NewPhone());
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "smtp",
                address = email,
                status = 451,
                code = "4.3.0 Try again",
            },
            Cancel
        );
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "twilio",
                address = phone,
                status = 429,
                code = 20429,
                retryAfter = 3,
                times = 1,
            },
            Cancel
        );

        var first = await notify.Api.AcceptedAsync(Requests.Email(email, ttl: 1), Cancel);
        var second = await notify.Api.AcceptedAsync(Requests.Sms(phone, ttl: 2), Cancel);

        await notify.Api.SingleAsync(first, "expired", Cancel);
        await notify.Api.SingleAsync(second, "expired", Cancel);
        Assert.Empty(await notify.Sandbox.ToAsync(email, Cancel));
        Assert.Empty(await notify.Sandbox.ToAsync(phone, Cancel));
    }
}
