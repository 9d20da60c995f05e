using System.Collections.Concurrent;
using System.Diagnostics;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.ServiceDefaults;
using Notify.Tests.Workers.Email.SendGrid;
using Notify.Tests.Workers.Push.Apns;
using Notify.Tests.Workers.Push.Fcm;
using Notify.Tests.Workers.Sms;
using Notify.Tests.Workers.Sms.Gateway;
using Notify.Workers.Sms;
using OpenTelemetry;

namespace Notify.Tests.Workers;

/// <summary>What a provider learns of our tracing: nothing, with the services' own telemetry running.</summary>
public sealed class OutgoingPrivacyTests
{
    private static readonly string[] TraceHeaders =
    [
        "traceparent",
        "tracestate",
        "baggage",
        "Correlation-Context",
        "Request-Id",
        "b3",
        "X-B3-TraceId",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fcm")]
    [InlineData("google's token endpoint")]
    [InlineData("apns")]
    [InlineData("sendgrid")]
    [InlineData("twilio")]
    [InlineData("gateway")]
    public async Task Trace_and_baggage_stay_with_us(string provider)
    {
        await using var telemetry = await Service.StartAsync(Cancel);
        using var activity = new Activity("send").Start();
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        activity.TraceStateString = "notify=private";
        activity.AddBaggage("person", "private");
        Baggage.SetBaggage("tenant", "private");

        var requests = await HeadersOfAsync(provider);

        Assert.NotEmpty(requests);
        Assert.All(requests, headers => Assert.Empty(headers.Intersect(TraceHeaders, StringComparer.OrdinalIgnoreCase)));
    }

    private static async Task<IReadOnlyList<IEnumerable<string>>> HeadersOfAsync(string provider)
    {
        switch (provider)
        {
            case "fcm" or "google's token endpoint":
            {
                await using var door = await FcmDoor.OpenAsync();
                Assert.Equal(OutcomeKind.Sent, (await door.SendAsync()).Kind);
                return NamesOf(provider == "fcm" ? door.Messages : door.Tokens);
            }
            case "apns":
            {
                await using var door = await ApnsDoor.OpenAsync();
                Assert.Equal(OutcomeKind.Sent, (await door.SendAsync()).Kind);
                return NamesOf(door.Production);
            }
            case "sendgrid":
            {
                await using var door = await SendGridDoor.OpenAsync();
                Assert.Equal(OutcomeKind.Sent, (await door.SendAsync()).Kind);
                return NamesOf(door.Stub);
            }
            case "gateway":
            {
                await using var door = await GatewayDoor.OpenAsync();
                Assert.Equal(OutcomeKind.Sent, (await door.SendAsync()).Kind);
                return NamesOf(door.Stub);
            }
            case "twilio":
            {
                await using var stub = await TwilioStub.StartAsync(Cancel);
                using var host = new TwilioHost(stub.Address);
                var seen = new ConcurrentQueue<IEnumerable<string>>();
                var answer = stub.Answer;
                stub.Answer = (context, request) =>
                {
                    seen.Enqueue([.. context.Request.Headers.Keys]);
                    return answer(context, request);
                };
                var message = new SmsMessage(Guid.CreateVersion7(FixedClock.Now), "+15558675310", "Hello", FixedClock.Now.AddHours(1));
                Assert.Equal(OutcomeKind.Sent, (await host.Provider.SendAsync(message, Cancel)).Kind);
                return [.. seen];
            }
            default:
                throw new ArgumentOutOfRangeException(nameof(provider), provider, null);
        }
    }

    private static List<IEnumerable<string>> NamesOf(ProviderStub stub) => [.. stub.Requests.Select(request => request.Headers.Keys)];
}
