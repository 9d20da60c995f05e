using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class IdempotencyTests(NotifyApp app)
{
    private const string Key = "Idempotency-Key";
    private const int Parallel = 50;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_equal_posts_at_once_are_one_notification_and_one_message()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (email, key) = (Requests.NewEmail(), Guid.NewGuid().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => PostAsync(notify, email, key)));
        var late = await PostAsync(notify, email, key);

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Accepted, HttpStatusCode.Conflict }));
        var id = Assert.Single(answers.Where(answer => answer.Id is not null).Select(answer => answer.Id!.Value).Distinct());
        Assert.Equal((HttpStatusCode.Accepted, id, true), (late.Status, late.Id, late.Replayed));
        Assert.Null((await notify.Api.WhenAllAreAsync(id, "sent", Cancel)).DuplicateOf);
        await notify.Sandbox.SingleToAsync(email, Cancel);
    }

    [Fact]
    public async Task A_second_notification_with_a_deduplication_key_is_recorded_and_not_sent()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (email, key) = (Requests.NewEmail(), Guid.NewGuid().ToString());
        var request = new
        {
            recipients = new[] { new { email } },
            message = new { title = "Hello", body = "It works." },
            deduplicationKey = key,
        };

        var first = await notify.Api.AcceptedAsync(request, Cancel);
        await notify.Api.WhenAllAreAsync(first, "sent", Cancel);
        var second = await notify.Api.AcceptedAsync(request, Cancel);
        var seen = await notify.Api.WhenAllAreAsync(second, "skipped", Cancel);

        Assert.Equal(first, seen.DuplicateOf);
        Assert.Equal("duplicate", Assert.Single(seen.Deliveries).Reason);
        await notify.Sandbox.SingleToAsync(email, Cancel);
    }

    private static async Task<(HttpStatusCode Status, Guid? Id, bool Replayed)> PostAsync(RunningNotify notify, string email, string key)
    {
        using var response = await notify.Api.PostAsync("/v1/notifications", Requests.Email(email), Cancel, (Key, key));
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(Cancel);
        return (response.StatusCode, body?["id"]?.GetValue<Guid>(), response.Headers.Contains("Idempotency-Replayed"));
    }
}
