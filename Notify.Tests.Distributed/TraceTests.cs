using System.Diagnostics;
using System.Text;

namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class TraceTests(NotifyApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_producers_trace_goes_over_both_hops()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (email, trace) = (Requests.NewEmail(), ActivityTraceId.CreateRandom().ToHexString());
        var caller = ActivitySpanId.CreateRandom().ToHexString();
        using var tap = new TopicTap(notify.Kafka, "notifications.standard", "deliveries.email.standard");

        // Another test's telemetry in this process would write a trace of its own into the header.
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = notify.Api.Http.BaseAddress,
        };
        http.DefaultRequestHeaders.Authorization = notify.Api.Http.DefaultRequestHeaders.Authorization;
        using var response = await new ApiClient(http).PostAsync(
            "/v1/notifications",
            Requests.Email(email),
            Cancel,
            ("traceparent", $"00-{trace}-{caller}-01")
        );
        response.EnsureSuccessStatusCode();
        var records = await tap.ReadAsync(email, 2, Cancel);

        Assert.Equal(["deliveries.email.standard", "notifications.standard"], records.Select(record => record.Topic).Order());
        var spans = records
            .Select(record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("traceparent")).Split('-'))
            .ToList();
        Assert.All(spans, span => Assert.Equal((trace, "01"), (span[1], span[3])));
        // The request has a span of its own; whether routing has one depends on whether spans are exported.
        Assert.All(spans, span => Assert.NotEqual(caller, span[2]));
    }
}
