using System.IO.Compression;
using System.Net;
using System.Text;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router.Intake;

namespace Notify.Tests.Api.Notifications;

[Collection(SharedPostgres.Name)]
public sealed class AcceptTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Path = "/v1/notifications";
    private const string Good = """{"recipients":["u1"],"channels":["sms"],"message":{"body":"B"}}""";

    [Theory]
    [InlineData("""{"recipients":["u1"],"message":{"body":"B"}""", 400, "malformed", null)]
    [InlineData("", 400, "malformed", "")]
    [InlineData("null", 400, "malformed", "")]
    [InlineData("""{"recipients":["u1"],"ttl":"60"}""", 400, "malformed", "ttl")]
    [InlineData("""{"recipients":[{"id":7}]}""", 400, "malformed", "recipients[0].id")]
    [InlineData("""{"recipients":["u1"],"chanels":["sms"]}""", 400, "malformed", "chanels")]
    [InlineData("""{"recipients":["u1",{"emial":"a@example.com"}]}""", 400, "malformed", "recipients[1].emial")]
    [InlineData("""{"message":{"body":"B"}}""", 422, "invalid", "recipients")]
    [InlineData("""{"recipients":[],"message":{"body":"B"}}""", 422, "invalid", "recipients")]
    [InlineData("""{"recipients":["u1"],"channels":["fax"],"message":{"body":"B"}}""", 422, "invalid", "channels[0]")]
    [InlineData("""{"recipients":[{"email":"nobody"}],"message":{"title":"T","body":"B"}}""", 422, "invalid", "recipients[0].email")]
    [InlineData("""{"recipients":[{"phone":"0123"}],"message":{"body":"B"}}""", 422, "invalid", "recipients[0].phone")]
    [InlineData(
        """{"recipients":["u1"],"priority":"critical","type":"marketing","channels":["sms"],"message":{"body":"B"}}""",
        422,
        "invalid",
        "priority"
    )]
    [InlineData("""{"recipients":["u1"],"channels":["email"],"message":{"body":"B"}}""", 422, "invalid", "message.title")]
    [InlineData(
        """{"recipients":["u1"],"channels":["push"],"payload":{"x":"\ud800"},"message":{"body":"B"}}""",
        422,
        "invalid",
        "payload.x"
    )]
    public async Task Bad_body_is_a_problem_that_names_the_field(string body, int status, string type, string? field)
    {
        using var response = await SendAsync(body);
        await ApiFixture.AssertProblemAsync(response, status, type, field);
    }

    [Theory]
    [InlineData("sms", 1_601, "message.body")]
    [InlineData("push", 3_697, "message.body")]
    [InlineData("email", 999, "message.title")]
    public async Task Words_beyond_a_channels_limit_are_refused(string channel, int length, string field)
    {
        var text = new string('x', length);
        using var response = await SendAsync(
            $$$"""{"recipients":["u1"],"channels":["{{{channel}}}"],"message":{"title":"{{{(channel == "email" ? text : "T")}}}","body":"{{{text}}}"}}"""
        );
        await ApiFixture.AssertProblemAsync(response, 422, "invalid", field, "too_long");
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused()
    {
        using var content = new ByteArrayContent([
            .. """{"recipients":["u1"],"channels":["push"],"payload":{"x":{"y":" """u8,
            0xFF,
            .. "\"}},\"message\":{\"body\":\"B\"}}"u8,
        ]);
        content.Headers.ContentType = new("application/json");
        using var response = await fixture.Api.SendAsync(HttpMethod.Post, Path, content, ApiHost.Key);
        await ApiFixture.AssertProblemAsync(response, 400, "malformed");
    }

    [Theory]
    [InlineData(NotificationLimits.ItemBytes, 202, false)]
    [InlineData(NotificationLimits.ItemBytes + 1, 413, false)]
    [InlineData(NotificationLimits.ItemBytes + 1, 413, true)]
    [InlineData(6_000_000, 413, false)]
    [InlineData(6_000_000, 413, true)]
    public async Task Notification_has_at_most_256_kb(int bytes, int status, bool chunked)
    {
        using var response = await SendSizedAsync(Path, Good, bytes, chunked);
        if (status == 202)
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        else
            Assert.Contains(
                "262,144",
                (await ApiFixture.AssertProblemAsync(response, status, "too-large", "", "too_large")).GetProperty("detail").GetString(),
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData(NotificationLimits.BatchBytes, 202, false)]
    [InlineData(NotificationLimits.BatchBytes + 1, 413, false)]
    [InlineData(NotificationLimits.BatchBytes + 1, 413, true)]
    [InlineData(9_000_000, 413, true)]
    public async Task Batch_has_at_most_4_mb(int bytes, int status, bool chunked)
    {
        using var response = await SendSizedAsync(Path + "/batch", $$"""{"notifications":[{{Good}}]}""", bytes, chunked);
        if (status == 202)
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        else
            Assert.Contains(
                "4,194,304",
                (await ApiFixture.AssertProblemAsync(response, status, "too-large")).GetProperty("detail").GetString(),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task Byte_order_mark_is_passed_over_and_not_handed_on()
    {
        using var response = await SendBytesAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)]);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(Good, Encoding.UTF8.GetString(await RecordOfAsync(response)));
        using var only = await SendBytesAsync([0xEF, 0xBB, 0xBF]);
        await ApiFixture.AssertProblemAsync(only, 400, "malformed", "", "required");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("identity, gzip")]
    public async Task Compressed_body_is_read_and_handed_on_as_it_was_before(string coding)
    {
        using var response = await SendBytesAsync(Compress(Encoding.UTF8.GetBytes(Good)), coding);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(Good, Encoding.UTF8.GetString(await RecordOfAsync(response)));
        using var plain = await SendBytesAsync(Encoding.UTF8.GetBytes(Good), "identity");
        Assert.Equal(HttpStatusCode.Accepted, plain.StatusCode);
    }

    [Fact]
    public async Task Compressed_body_is_bounded_by_what_it_becomes()
    {
        var most = Encoding.UTF8.GetBytes(Good + new string(' ', NotificationLimits.ItemBytes - Good.Length));
        using var fits = await SendBytesAsync(Compress(most), "gzip");
        Assert.Equal(HttpStatusCode.Accepted, fits.StatusCode);
        using var beyond = await SendBytesAsync(Compress([.. most, (byte)' ']), "gzip");
        await ApiFixture.AssertProblemAsync(beyond, 413, "too-large", "", "too_large");
        using var bomb = await SendBytesAsync(Compress(new byte[100_000_000]), "gzip");
        await ApiFixture.AssertProblemAsync(bomb, 413, "too-large", "", "too_large");
    }

    [Fact]
    public async Task Body_that_is_not_what_its_coding_says_is_refused()
    {
        var compressed = Compress(Encoding.UTF8.GetBytes(Good));
        foreach (var body in (byte[][])[Encoding.UTF8.GetBytes(Good), compressed[..^12], compressed[..5], []])
        {
            using var response = await SendBytesAsync(body, "gzip");
            await ApiFixture.AssertProblemAsync(response, 400, "malformed");
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    public async Task Other_codings_are_refused_with_the_one_that_is_taken(string coding)
    {
        using var response = await SendBytesAsync(Encoding.UTF8.GetBytes(Good), coding);
        await ApiFixture.AssertProblemAsync(response, 415, "unsupported-media-type", "Content-Encoding", "unknown");
        Assert.Equal("gzip", Assert.Single(response.Headers.GetValues("Accept-Encoding")));
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 202)]
    [InlineData("application/json; charset=\"UTF-8\"", 202)]
    [InlineData("application/problem+json", 202)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; charset=iso-8859-1", 415)]
    public async Task Json_is_utf8(string contentType, int status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await fixture.Api.SendAsync(HttpMethod.Post, Path, content, ApiHost.Key);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Key_of_a_single_post_is_not_that_of_an_item_of_a_batch()
    {
        using var batch = await fixture.Api.SendAsync(
            HttpMethod.Post,
            Path + "/batch",
            $$"""{"notifications":[{{Good}}]}""",
            idempotencyKey: "both"
        );
        using var single = await fixture.Api.SendAsync(HttpMethod.Post, Path, Good, idempotencyKey: "both#0");
        var (ofItem, ofSingle) = (
            Incoming((await ApiHost.JsonAsync(batch)).GetProperty("results")[0].GetProperty("id").GetGuid()),
            Incoming(await IdAsync(single))
        );

        Assert.NotEqual(Assert.Single(ofItem.DedupKeys()), Assert.Single(ofSingle.DedupKeys()));
    }

    [Fact]
    public async Task Same_value_under_a_key_is_the_same_request_however_it_is_written()
    {
        using var first = await fixture.Api.SendAsync(HttpMethod.Post, Path, Good, idempotencyKey: "canonical");
        using var again = await fixture.Api.SendAsync(
            HttpMethod.Post,
            Path,
            """ { "message":{ "body":"\u0042" }, "channels":["sms"],"recipients" : ["u1"] } """,
            idempotencyKey: "canonical"
        );
        Assert.Equal(await IdAsync(first), await IdAsync(again));
        Assert.True(again.Headers.Contains("Idempotency-Replayed"));

        var batch = $$"""{"notifications":[{{Good}},{"deep":{{new string('[', 5_000)}}{{new string(']', 5_000)}}}]}""";
        using var one = await fixture.Api.SendAsync(HttpMethod.Post, Path + "/batch", batch, idempotencyKey: "canonical");
        using var two = await fixture.Api.SendAsync(
            HttpMethod.Post,
            Path + "/batch",
            batch.Replace(",{", " , {", StringComparison.Ordinal),
            idempotencyKey: "canonical"
        );
        Assert.Equal((await ApiHost.JsonAsync(one)).GetRawText(), (await ApiHost.JsonAsync(two)).GetRawText());
        Assert.Equal(
            "too_deep",
            (await ApiHost.JsonAsync(one))
                .GetProperty("results")[1]
                .GetProperty("problem")
                .GetProperty("errors")[0]
                .GetProperty("rule")
                .GetString()
        );
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Body_that_is_no_json_is_refused(string contentType)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Post, Path, Good, contentType: contentType);
        await ApiFixture.AssertProblemAsync(response, 415, "unsupported-media-type");
        using var none = await fixture.Api.SendAsync(HttpMethod.Post, Path);
        await ApiFixture.AssertProblemAsync(none, 415, "unsupported-media-type");
    }

    [Fact]
    public async Task Accepted_notification_is_on_its_lane_as_it_was_received()
    {
        const string body = """ { "recipients":["uñ"], "channels":["sms"], "priority":"critical", "message":{"body":"😀"} } """;
        using var response = await fixture.Api.SendAsync(HttpMethod.Post, Path, body, idempotencyKey: "\"lane-1\"");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var id = (await ApiHost.JsonAsync(response)).GetProperty("id").GetGuid();
        Assert.Equal($"/v1/notifications/{id}", response.Headers.Location!.ToString());

        var record = Assert.Single(fixture.Kafka.Read("notifications.critical"), record =>
            record.Message.Headers.Text("notification-id") == id.ToString()
        );
        Assert.Equal(body, Encoding.UTF8.GetString(record.Message.Value));
        Assert.Equal("acme/uñ", Encoding.UTF8.GetString(record.Message.Key));
        Assert.Equal(
            ("acme", "1", "application/json", "lane-1"),
            (
                record.Message.Headers.Text("tenant"),
                record.Message.Headers.Text("schema-version"),
                record.Message.Headers.Text("content-type"),
                record.Message.Headers.Text("idempotency-key")
            )
        );
        Assert.InRange((TimeProvider.System.GetUtcNow() - UuidV7.TimeOf(id)).TotalMinutes, 0, 5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("a b")]
    public async Task Bad_idempotency_key_is_refused(string key)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Post, Path, Good, idempotencyKey: key);
        await ApiFixture.AssertProblemAsync(response, 400, "invalid", "Idempotency-Key", "invalid");
        using var batch = await fixture.Api.SendAsync(
            HttpMethod.Post,
            Path + "/batch",
            $$"""{"notifications":[{{Good}}]}""",
            idempotencyKey: new string('k', 256)
        );
        await ApiFixture.AssertProblemAsync(batch, 400, "invalid", "Idempotency-Key", "invalid");
    }

    [Fact]
    public async Task Repeated_request_gets_the_same_answer_and_another_body_is_refused()
    {
        using var first = await fixture.Api.SendAsync(HttpMethod.Post, Path, Good, idempotencyKey: "repeat");
        using var again = await fixture.Api.SendAsync(HttpMethod.Post, Path, Good, idempotencyKey: "\"repeat\"");
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, again.StatusCode));
        Assert.Equal(await IdAsync(first), await IdAsync(again));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));

        using var other = await fixture.Api.SendAsync(
            HttpMethod.Post,
            Path,
            Good.Replace("u1", "u2", StringComparison.Ordinal),
            idempotencyKey: "repeat"
        );
        await ApiFixture.AssertProblemAsync(other, 422, "idempotency-key-reused", "Idempotency-Key", "reused");
        using var tenant = await fixture.Api.SendAsync(HttpMethod.Post, Path, Good, key: ApiHost.OtherKey, idempotencyKey: "repeat");
        Assert.NotEqual(await IdAsync(first), await IdAsync(tenant));
        Assert.Single(fixture.Kafka.Read("notifications.standard"), record =>
            record.Message.Headers.Text("idempotency-key") == "repeat" && record.Message.Headers.Text("tenant") == "acme"
        );
    }

    [Fact]
    public async Task Hundred_equal_requests_at_once_are_one_notification()
    {
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => fixture.Api.SendAsync(HttpMethod.Post, Path, Good, idempotencyKey: "hundred"))
        );
        var accepted = responses.Where(response => response.StatusCode == HttpStatusCode.Accepted).ToList();
        Assert.Single((await Task.WhenAll(accepted.Select(IdAsync))).Distinct());
        foreach (var response in responses.Except(accepted))
            await ApiFixture.AssertProblemAsync(response, 409, "idempotency-key-in-use");
        Assert.Single(fixture.Kafka.Read("notifications.standard"), record => record.Message.Headers.Text("idempotency-key") == "hundred");
        Array.ForEach(responses, response => response.Dispose());
    }

    private static byte[] Compress(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(body);
        return compressed.ToArray();
    }

    private async Task<HttpResponseMessage> SendBytesAsync(byte[] body, string? coding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        if (coding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await fixture.Api.SendAsync(HttpMethod.Post, Path, content, ApiHost.Key);
    }

    private async Task<byte[]> RecordOfAsync(HttpResponseMessage response) => Incoming(await IdAsync(response)).Record.Value;

    /// <summary>The record of a notification, as the Router reads it.</summary>
    private IncomingNotification Incoming(Guid id)
    {
        var record = Assert.Single(fixture.Kafka.Read("notifications.standard"), record =>
            record.Message.Headers.Text("notification-id") == id.ToString()
        );
        return new(new(record), "acme", id, Lane.Standard, new());
    }

    private static async Task<Guid> IdAsync(HttpResponseMessage response) =>
        (await ApiHost.JsonAsync(response)).GetProperty("id").GetGuid();

    private Task<HttpResponseMessage> SendAsync(string body) => fixture.Api.SendAsync(HttpMethod.Post, Path, body);

    private async Task<HttpResponseMessage> SendSizedAsync(string path, string json, int bytes, bool chunked)
    {
        var body = Encoding.UTF8.GetBytes(json + new string(' ', bytes - json.Length));
        using HttpContent content = chunked ? new StreamContent(new UnseekableStream(body)) : new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return await fixture.Api.SendAsync(HttpMethod.Post, path, content, ApiHost.Key);
    }

    /// <summary>A stream of unknown length travels in chunks.</summary>
    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
