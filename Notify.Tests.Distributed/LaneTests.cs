using System.Net;

namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class LaneTests(NotifyApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("critical", "transactional", "critical")]
    [InlineData("critical", "alert", "critical")]
    [InlineData("high", "transactional", "standard")]
    [InlineData("high", "alert", "standard")]
    [InlineData("high", "marketing", "bulk")]
    [InlineData("normal", "transactional", "standard")]
    [InlineData("normal", "alert", "standard")]
    [InlineData("normal", "marketing", "bulk")]
    [InlineData("low", "transactional", "bulk")]
    [InlineData("low", "alert", "bulk")]
    [InlineData("low", "marketing", "bulk")]
    public async Task Every_priority_and_type_takes_its_lane_from_accept_to_provider(string priority, string type, string lane)
    {
        var notify = await app.ReadyAsync(Cancel);
        var email = Requests.NewEmail();
        using var tap = new TopicTap(notify.Kafka, $"notifications.{lane}", $"deliveries.email.{lane}");

        var id = await notify.Api.AcceptedAsync(Requests.Email(email, priority: priority, type: type), Cancel);

        Assert.Equal(
            [$"deliveries.email.{lane}", $"notifications.{lane}"],
            (await tap.ReadAsync(email, 2, Cancel)).Select(record => record.Topic).Order()
        );
        Assert.Equal(lane, (await notify.Api.WhenAllAreAsync(id, "sent", Cancel)).Lane);
        await notify.Sandbox.SingleToAsync(email, Cancel);
    }

    [Fact]
    public async Task Critical_marketing_is_refused()
    {
        var notify = await app.ReadyAsync(Cancel);

        using var response = await notify.Api.PostAsync(
            "/v1/notifications",
            Requests.Email(Requests.NewEmail(), priority: "critical", type: "marketing"),
            Cancel
        );

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }
}
