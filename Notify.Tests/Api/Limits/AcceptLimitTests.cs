using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Api.Limits;

[Collection(SharedPostgres.Name)]
public sealed class AcceptLimitTests(PostgresServer server) : IAsyncLifetime
{
    private const string Standard = """{"recipients":["u1"],"channels":["sms"],"message":{"body":"B"}}""";
    private const string Critical = """{"recipients":["u1"],"channels":["sms"],"message":{"body":"B"},"priority":"critical"}""";
    private const string Bulk = """{"recipients":["u1"],"channels":["sms"],"message":{"body":"B"},"priority":"low"}""";
    private readonly KafkaBroker _kafka = new();
    private readonly RespServer _redis = new();
    private readonly ManualTime _time = new();
    private ApiHost _api = null!;

    public async ValueTask InitializeAsync() =>
        _api = await ApiHost.StartAsync(
            await server.CreateDatabaseAsync(),
            _kafka.Address,
            _redis.Address,
            _time,
            "Accept:PerSecond:Critical=1",
            "Accept:PerSecond:Standard=2",
            "Accept:PerSecond:Bulk=0",
            "Accept:Burst=00:00:05"
        );

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _kafka.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Who_sends_too_much_is_told_when_to_come_back_and_accepted_then()
    {
        await AcceptAsync(Standard, 10);

        using var refused = await OneAsync(Standard);
        var problem = await ApiFixture.AssertProblemAsync(refused, 429, "too-many-requests");
        Assert.Contains(
            "to 2 recipients a second on the standard lane, and to 10 at once",
            problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal("standard;q=10;w=5", Header(refused, "RateLimit-Policy"));
        Assert.Equal("standard;r=0;t=5", Header(refused, "RateLimit"));
        Assert.Equal("1", Header(refused, "Retry-After"));

        _time.Advance(TimeSpan.FromSeconds(0.4));
        using var early = await OneAsync(Standard);
        await ApiFixture.AssertProblemAsync(early, 429, "too-many-requests");
        _time.Advance(TimeSpan.FromSeconds(0.6));
        await AcceptAsync(Standard, 2);
        using var again = await OneAsync(Standard);
        await ApiFixture.AssertProblemAsync(again, 429, "too-many-requests");
        Assert.Equal(12, _kafka.Read("notifications.standard").Count);
    }

    [Fact]
    public async Task Notification_takes_a_permit_for_each_recipient_or_none_at_all()
    {
        await AcceptAsync(StandardTo(10), 1);
        using var single = await OneAsync(Standard);
        await ApiFixture.AssertProblemAsync(single, 429, "too-many-requests");
        Assert.Equal("standard;r=0;t=5", Header(single, "RateLimit"));
        Assert.Equal("1", Header(single, "Retry-After"));

        _time.Advance(TimeSpan.FromSeconds(5));
        await AcceptAsync(StandardTo(6), 1);
        using var refused = await OneAsync(StandardTo(7));
        var problem = await ApiFixture.AssertProblemAsync(refused, 429, "too-many-requests");
        Assert.Contains("4 are left now, and this request has 7", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("standard;q=10;w=5", Header(refused, "RateLimit-Policy"));
        Assert.Equal("standard;r=4;t=3", Header(refused, "RateLimit"));
        Assert.Equal("2", Header(refused, "Retry-After"));

        await AcceptAsync(StandardTo(4), 1);
        Assert.Equal(3, _kafka.Read("notifications.standard").Count);
    }

    [Fact]
    public async Task Notification_that_never_fits_goes_when_the_bucket_is_full_and_is_owed()
    {
        await AcceptAsync(Standard, 1);
        using var refused = await OneAsync(StandardTo(13));
        var problem = await ApiFixture.AssertProblemAsync(refused, 429, "too-many-requests");
        Assert.Contains("13 of this request are more than that", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(RetryAfter(refused)));

        await AcceptAsync(StandardTo(13), 1);
        using var owed = await OneAsync(Standard);
        Assert.Equal("2", Header(owed, "Retry-After")); // three too many and this one, at two a second
        _time.Advance(TimeSpan.FromSeconds(2));
        await AcceptAsync(Standard, 1);
    }

    [Fact]
    public async Task Tenants_and_lanes_have_limits_of_their_own()
    {
        await AcceptAsync(Standard, 10);
        using var refused = await OneAsync(Standard);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        await AcceptAsync(Standard, 10, ApiHost.OtherKey);
        await AcceptAsync(Critical, 5);
        using var critical = await OneAsync(Critical);
        Assert.Equal(HttpStatusCode.TooManyRequests, critical.StatusCode);
        Assert.Equal("critical;q=5;w=5", Header(critical, "RateLimit-Policy"));
        await AcceptAsync(Bulk, 30); // 0: no limit
    }

    [Fact]
    public async Task Batch_takes_a_permit_for_each_good_item_or_none_at_all()
    {
        using (var first = await BatchAsync([.. Enumerable.Repeat(Standard, 6), "{}", "7"]))
            Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);

        using var refused = await BatchAsync(Enumerable.Repeat(Standard, 7));
        var problem = await ApiFixture.AssertProblemAsync(refused, 429, "too-many-requests");
        Assert.Contains("4 are left now, and this request has 7", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("standard;r=4;t=3", Header(refused, "RateLimit"));
        Assert.Equal("2", Header(refused, "Retry-After"));
        Assert.Equal(6, _kafka.Read("notifications.standard").Count);

        _time.Advance(TimeSpan.FromSeconds(2));
        using var later = await BatchAsync(Enumerable.Repeat(Standard, 7));
        Assert.Equal(HttpStatusCode.Accepted, later.StatusCode);
    }

    [Fact]
    public async Task Batch_takes_a_permit_for_each_recipient_of_its_good_items()
    {
        using (var first = await BatchAsync([StandardTo(4), """{"recipients":["u1","u2"]}""", StandardTo(3)]))
            Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);

        using var refused = await BatchAsync([StandardTo(2), StandardTo(2)]);
        var problem = await ApiFixture.AssertProblemAsync(refused, 429, "too-many-requests");
        Assert.Contains("3 are left now, and this request has 4", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("standard;r=3;t=4", Header(refused, "RateLimit"));
        using var smaller = await BatchAsync([StandardTo(2), Standard]);
        Assert.Equal(HttpStatusCode.Accepted, smaller.StatusCode);
        Assert.Equal(4, _kafka.Read("notifications.standard").Count);
    }

    [Fact]
    public async Task Refused_are_counted_in_notifications()
    {
        var refused = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "notify.notifications.refused")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref refused, count));
        listener.Start();
        await AcceptAsync(StandardTo(10), 1);

        using var one = await OneAsync(StandardTo(7));
        await ApiFixture.AssertProblemAsync(one, 429, "too-many-requests");
        Assert.Equal(1L, Interlocked.Read(ref refused));
        using var batch = await BatchAsync([StandardTo(3), Standard, Bulk]);
        await ApiFixture.AssertProblemAsync(batch, 429, "too-many-requests");
        Assert.Equal(3L, Interlocked.Read(ref refused)); // the bulk one would have had room
    }

    [Fact]
    public async Task Batch_of_two_lanes_takes_nothing_where_one_of_them_has_no_room()
    {
        await AcceptAsync(Critical, 4);
        await AcceptAsync(Standard, 10);

        using var refused = await BatchAsync([Critical, Standard]);
        await ApiFixture.AssertProblemAsync(refused, 429, "too-many-requests");
        Assert.StartsWith("standard;", Header(refused, "RateLimit"), StringComparison.Ordinal);
        await AcceptAsync(Critical, 1);
        Assert.Equal(5, _kafka.Read("notifications.critical").Count);
    }

    [Fact]
    public async Task Batch_that_never_fits_goes_when_the_bucket_is_full_and_is_owed()
    {
        await AcceptAsync(Standard, 1);
        using var refused = await BatchAsync(Enumerable.Repeat(Standard, 13));
        var problem = await ApiFixture.AssertProblemAsync(refused, 429, "too-many-requests");
        Assert.Contains("13 of this request are more than that", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(RetryAfter(refused)));

        using var full = await BatchAsync(Enumerable.Repeat(Standard, 13));
        Assert.Equal(HttpStatusCode.Accepted, full.StatusCode);
        using var owed = await OneAsync(Standard);
        Assert.Equal("2", Header(owed, "Retry-After")); // three too many and this one, at two a second
        _time.Advance(TimeSpan.FromSeconds(2));
        await AcceptAsync(Standard, 1);
    }

    [Fact]
    public async Task Repeated_key_costs_nothing_and_a_refused_one_may_try_again()
    {
        for (var i = 0; i < 20; i++)
        {
            using var same = await OneAsync(StandardTo(4), "first");
            Assert.Equal(HttpStatusCode.Accepted, same.StatusCode);
            using var sameBatch = await BatchAsync([StandardTo(2), Standard], "batch");
            Assert.Equal(HttpStatusCode.Accepted, sameBatch.StatusCode);
        }
        await AcceptAsync(Standard, 3);
        using var refused = await OneAsync(Standard, "second");
        await ApiFixture.AssertProblemAsync(refused, 429, "too-many-requests");
        _time.Advance(TimeSpan.FromSeconds(RetryAfter(refused)));
        using var again = await OneAsync(Standard, "second");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.False(again.Headers.Contains("Idempotency-Replayed"));
    }

    [Theory]
    [InlineData("Accept:PerSecond:Bulk=-1")]
    [InlineData("Accept:PerSecond:Standard=1000001")]
    [InlineData("Accept:Burst=00:00:00")]
    public async Task Limit_out_of_range_is_refused_at_start(string setting) =>
        await Assert.ThrowsAsync<OptionsValidationException>(async () =>
            await ApiHost.StartAsync(await server.CreateDatabaseAsync(), _kafka.Address, _redis.Address, null, setting)
        );

    private async Task AcceptAsync(string body, int count, string key = ApiHost.Key)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await _api.SendAsync(HttpMethod.Post, "/v1/notifications", body, key);
            Assert.True(
                response.StatusCode == HttpStatusCode.Accepted,
                $"{i}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}"
            );
        }
    }

    private Task<HttpResponseMessage> OneAsync(string body, string? key = null) =>
        _api.SendAsync(HttpMethod.Post, "/v1/notifications", body, idempotencyKey: key);

    private Task<HttpResponseMessage> BatchAsync(IEnumerable<string> items, string? key = null) =>
        _api.SendAsync(
            HttpMethod.Post,
            "/v1/notifications/batch",
            $$"""{"notifications":[{{string.Join(',', items)}}]}""",
            idempotencyKey: key
        );

    private static string StandardTo(int recipients) =>
        Standard.Replace("\"u1\"", string.Join(',', Enumerable.Range(1, recipients).Select(i => $"\"u{i}\"")), StringComparison.Ordinal);

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private static int RetryAfter(HttpResponseMessage response) => int.Parse(Header(response, "Retry-After"), CultureInfo.InvariantCulture);
}
