using System.Net;
using Notify.Core.Messaging;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Notifications;

[Collection(SharedPostgres.Name)]
public sealed class BatchTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Good = """{"recipients":["u1"],"channels":["sms"],"message":{"body":"B"}}""";

    [Fact]
    public async Task Each_item_is_accepted_or_refused_by_itself()
    {
        var large = Good.Insert(Good.Length - 1, new string(' ', 262_144));
        using var response = await SendAsync(Good, """{"recipients":[]}""", "7", """{"recipiants":[]}""", large, Good);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var view = await ApiHost.JsonAsync(response);
        var results = view.GetProperty("results").EnumerateArray().ToList();

        Assert.Equal((2, 4), (view.GetProperty("accepted").GetInt32(), view.GetProperty("refused").GetInt32()));
        Assert.Equal([202, 422, 400, 400, 413, 202], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal([0, 1, 2, 3, 4, 5], results.Select(result => result.GetProperty("index").GetInt32()));
        Assert.Equal(
            [
                "notifications[1].recipients required",
                "notifications[2] wrong_type",
                "notifications[3].recipiants unknown_field",
                "notifications[4] too_large",
            ],
            results
                .Where(result => result.TryGetProperty("problem", out _))
                .Select(result => result.GetProperty("problem").GetProperty("errors")[0])
                .Select(error => $"{error.GetProperty("field")} {error.GetProperty("rule")}")
        );
        Assert.All(
            results.Where(result => result.TryGetProperty("problem", out _)).Select(result => result.GetProperty("problem")),
            problem =>
                Assert.StartsWith(
                    $"{problem.GetProperty("errors")[0].GetProperty("field").GetString()}: ",
                    problem.GetProperty("detail").GetString(),
                    StringComparison.Ordinal
                )
        );
        Assert.NotEqual(results[0].GetProperty("id").GetGuid(), results[5].GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData(1_000, 202)]
    [InlineData(1_001, 422)]
    public async Task Batch_has_at_most_1000_items(int count, int status)
    {
        using var response = await SendAsync([.. Enumerable.Repeat(Good, count)]);
        if (status == 202)
            Assert.Equal(1_000, (await ApiHost.JsonAsync(response)).GetProperty("accepted").GetInt32());
        else
            await ApiFixture.AssertProblemAsync(response, status, "invalid", "notifications", "too_many");
    }

    [Theory]
    [InlineData("""{"notifications":[{}""", 400, "malformed", "")]
    [InlineData("[]", 400, "malformed", "")]
    [InlineData("""{"items":[]}""", 400, "malformed", "items")]
    [InlineData("""{"\ud800":[]}""", 400, "malformed", "\\ud800")]
    [InlineData("""{"notifications":{}}""", 400, "malformed", "notifications")]
    [InlineData("""{"notifications":[]}""", 422, "invalid", "notifications")]
    [InlineData("{}", 422, "invalid", "notifications")]
    public async Task What_is_no_batch_is_a_problem(string body, int status, string type, string field)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Post, "/v1/notifications/batch", body);
        await ApiFixture.AssertProblemAsync(response, status, type, field);
    }

    [Fact]
    public async Task Batch_of_which_nothing_is_accepted_has_its_items_status()
    {
        using var same = await SendAsync("{}", """{"recipients":[]}""");
        Assert.Equal(422, (int)same.StatusCode);
        using var mixed = await SendAsync("{}", "7");
        Assert.Equal(422, (int)mixed.StatusCode);
        using var unread = await SendAsync("7", "8");
        Assert.Equal(400, (int)unread.StatusCode);
    }

    [Fact]
    public async Task Repeated_batch_means_the_same_notifications()
    {
        var body = $$"""{"notifications":[{{Good}},{},{{Good}}]}""";
        using var first = await fixture.Api.SendAsync(HttpMethod.Post, "/v1/notifications/batch", body, idempotencyKey: "batch");
        using var again = await fixture.Api.SendAsync(HttpMethod.Post, "/v1/notifications/batch", body, idempotencyKey: "batch");
        Assert.Equal((await ApiHost.JsonAsync(first)).GetRawText(), (await ApiHost.JsonAsync(again)).GetRawText());
        Assert.True(again.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(
            ["batch#0", "batch#2"],
            fixture
                .Kafka.Read("notifications.standard")
                .Select(record => record.Message.Headers.Text("idempotency-key"))
                .Where(key => key is not null)
                .Order()
        );

        using var other = await fixture.Api.SendAsync(
            HttpMethod.Post,
            "/v1/notifications/batch",
            $$"""{"notifications":[{{Good}}]}""",
            idempotencyKey: "batch"
        );
        await ApiFixture.AssertProblemAsync(other, 422, "idempotency-key-reused");
    }

    private Task<HttpResponseMessage> SendAsync(params string[] items) =>
        fixture.Api.SendAsync(HttpMethod.Post, "/v1/notifications/batch", $$"""{"notifications":[{{string.Join(',', items)}}]}""");
}
