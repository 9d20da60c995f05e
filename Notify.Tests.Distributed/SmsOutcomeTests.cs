using Npgsql;

namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class SmsOutcomeTests(NotifyApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_throttled_message_waits_as_long_as_it_was_told_and_costs_no_attempt()
    {
        var notify = await app.ReadyAsync(Cancel);
        var phone = Requests.NewPhone();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "twilio",
                address = phone,
                status = 429,
                code = 20429,
                retryAfter = 2,
                times = 1,
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Sms(phone), Cancel);
        var delivery = await notify.Api.SingleAsync(id, "sent", Cancel);

        Assert.Equal(["throttled", "sent"], delivery.Attempts.Select(attempt => attempt.Outcome));
        var arrived = await notify.Sandbox.SingleToAsync(phone, Cancel);
        Assert.True(
            arrived.At >= delivery.Attempts[0].At.AddSeconds(2),
            $"Refused at {delivery.Attempts[0].At:O} for 2 s, and called at {arrived.At:O}."
        );
        Assert.Equal(1, await CountedAttemptsAsync(notify, delivery.Id));
    }

    [Fact]
    public async Task Somebody_who_answered_stop_is_suppressed()
    {
        var notify = await app.ReadyAsync(Cancel);
        var phone = Requests.NewPhone();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "twilio",
                address = phone,
                code = 21610,
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Sms(phone), Cancel);
        var delivery = await notify.Api.SingleAsync(id, "suppressed", Cancel);

        Assert.Equal(("opted_out", "21610"), (delivery.Reason, delivery.Code));
        Assert.Single(delivery.Attempts);
    }

    [Fact]
    public async Task A_refused_message_fails_at_once()
    {
        var notify = await app.ReadyAsync(Cancel);
        var phone = Requests.NewPhone();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "twilio",
                address = phone,
                status = 400,
                code = 21617,
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Sms(phone), Cancel);
        var delivery = await notify.Api.SingleAsync(id, "failed", Cancel);

        Assert.Equal(("refused", "21617"), (delivery.Reason, delivery.Code));
        Assert.Single(delivery.Attempts);
    }

    [Fact]
    public async Task Refused_credentials_hold_a_message_at_no_cost_until_they_work_again()
    {
        var notify = await app.ReadyAsync(Cancel);
        var phone = Requests.NewPhone();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "twilio",
                address = phone,
                status = 401,
                code = 20003,
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Sms(phone), Cancel);
        // More refusals than a delivery may cost calls: none of them counts.
        var held = Assert.Single(
            (await notify.Api.WhenAllAsync(id, delivery => delivery is { State: "waiting", Attempts.Count: > 4 }, Cancel)).Deliveries
        );
        var counted = await CountedAttemptsAsync(notify, held.Id);
        await notify.Sandbox.BehaveAsync("twilio", phone, Cancel);
        var sent = await notify.Api.SingleAsync(id, "sent", Cancel);

        Assert.Equal("misconfigured", held.Reason);
        Assert.InRange(counted, 0, 1); // 1 while a call is being made
        Assert.Equal(1, await CountedAttemptsAsync(notify, sent.Id));
        await notify.Sandbox.SingleToAsync(phone, Cancel);
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_sent_again()
    {
        var notify = await app.ReadyAsync(Cancel);
        var phone = Requests.NewPhone();
        await notify.Sandbox.MisbehaveAsync(
            new
            {
                provider = "twilio",
                address = phone,
                drop = "afterRequest",
                times = 1,
            },
            Cancel
        );

        var id = await notify.Api.AcceptedAsync(Requests.Sms(phone), Cancel);
        var delivery = await notify.Api.SingleAsync(id, "sent", Cancel);

        Assert.Equal(["ambiguous", "sent"], delivery.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(2, (await notify.Sandbox.ToAsync(phone, Cancel)).Count);
    }

    private static async Task<int> CountedAttemptsAsync(RunningNotify notify, Guid delivery) =>
        Assert.Single(
            await notify.QueryAsync(
                "SELECT attempt FROM deliveries WHERE delivery_id = @id",
                reader => reader.GetInt32(0),
                Cancel,
                new NpgsqlParameter("id", delivery)
            )
        );
}
