using System.Text;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Recipients;
using Notify.Core.Routing;
using Notify.Core.Tenants;
using Notify.Sending;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Email;
using Notify.Workers.Push;
using Notify.Workers.Push.Apns;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;
using Notify.Workers.Sms;

namespace Notify.Tests.Fuzzing;

/// <summary>What anybody may post: never a 500, and what is accepted can be routed and sent.</summary>
[Collection(SharedPostgres.Name)]
public sealed class RequestBodyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const int AtOnce = 16;

    private static readonly (HttpMethod Method, string Path, string Body)[] s_good =
    [
        (
            HttpMethod.Post,
            "/v1/notifications",
            """{"recipients":["u1",{"id":"u2"},{"email":"a@bücher.example","phone":"+15005550006","push":{"token":"00ff","platform":"apns","app":"x","environment":"sandbox"}}],"type":"alert","category":"c","priority":"low","payload":{"k":"v","n":1,"o":{"a":[true,null]}},"message":{"title":"T","body":"B","push":{"title":"P","body":"Q"},"email":{"subject":"S","text":"X","html":"<p>"},"sms":{"body":"Y"}},"ttl":60,"deduplicationKey":"d"}"""
        ),
        (
            HttpMethod.Post,
            "/v1/notifications",
            """{"recipients":[{"email":"a@example.test"}],"message":{"title":"T","email":{"html":"<p>B"}}}"""
        ),
        (
            HttpMethod.Post,
            "/v1/notifications/batch",
            """{"notifications":[{"recipients":[{"phone":"+15005550006"}],"message":{"body":"B"}},{"recipients":["u1"],"channels":["push"],"message":{"body":"B"},"payload":{"a":{"b":"c"}}}]}"""
        ),
        (
            HttpMethod.Put,
            "/v1/recipients/fuzz",
            """{"email":"a@example.com","phone":"+15005550006","locale":"de-CH","timeZone":"Europe/Zurich","attributes":{"n":1.5,"deep":[{"a":"b"}]}}"""
        ),
        (HttpMethod.Put, "/v1/recipients/fuzz/devices/d", """{"token":"t","platform":"fcm","app":"a","environment":"production"}"""),
        (
            HttpMethod.Post,
            "/v1/dead-letters/replays",
            """{"filter":{"kind":"delivery","channel":"sms","provider":"twilio","from":"2026-11-30T00:00:00Z"},"ratePerSecond":10,"includeAmbiguous":false}"""
        ),
        (HttpMethod.Post, "/v1/dead-letters/replays", """{"ids":["0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"]}"""),
    ];

    private readonly Mutator _mutator = new(FuzzSettings.Seed);

    [Fact]
    public async Task No_body_fails_the_api_and_what_it_accepts_can_be_sent()
    {
        var bodies = Enumerable
            .Range(0, FuzzSettings.Count(3_000))
            .Select(i =>
                (
                    Good: s_good[i % s_good.Length],
                    Value: _mutator.Value(Encoding.UTF8.GetBytes(s_good[i % s_good.Length].Body)),
                    Key: i % 7 == 0 ? $"fuzz-{i}" : null
                )
            );
        foreach (var part in bodies.Chunk(AtOnce))
            await Task.WhenAll(part.Select(body => PostAsync(body.Good.Method, body.Good.Path, body.Value, body.Key)));

        var accepted = LaneNames
            .All.SelectMany(lane => fixture.Kafka.Read(Topics.Notifications(lane)).Select(record => (lane, new ConsumedRecord(record))))
            .ToList();
        Assert.NotEmpty(accepted);
        var time = TimeProvider.System;
        var reader = new RecordReader(new TenantDirectory(fixture.Database.Source, time), Options.Create(new RouterOptions()), time);
        foreach (var (lane, record) in accepted)
        {
            var shown = Encoding.UTF8.GetString(record.Value);
            var result = await reader.ReadAsync(record, lane, TestContext.Current.CancellationToken);
            Assert.True(result.Cause is null, $"Accepted, and {result.Cause} ({result.Detail}) for the Router: {shown}");
            AssertSendable(result.Notification!, shown);
        }
    }

    private static void AssertSendable(IncomingNotification notification, string shown)
    {
        var profiles = notification
            .Request.Recipients!.Where(target => target.Id is not null)
            .Select(target => target.Id!)
            .Distinct()
            .ToDictionary(
                id => ("acme", id),
                id => new Profile
                {
                    RecipientId = id,
                    Email = "a@example.test",
                    Phone = "+15005550006",
                    Devices = [new("d", "apns", null, "production", "00ff", TimeProvider.System.GetUtcNow())],
                }
            );
        foreach (
            var delivery in Candidates
                .Of("acme", notification.Id, notification.Request, profiles, notification.Terms.Channels)
                .Where(delivery => delivery.Address is not null)
        )
        {
            var record = DeliveryRecord.Of(Workers.Router.OpenRows.Of(notification, delivery), notification.Request);
            switch (delivery.Channel)
            {
                case Channel.Push:
                    Assert.True(
                        ApnsPayload.Write(PushMessage.Of(record)).Length <= ApnsPayload.MaxBytes,
                        $"Accepted, and too large for APNs: {shown}"
                    );
                    break;
                case Channel.Email:
                    Assert.True(
                        MessageCheck.TryGetRecipient(EmailMessage.Of(record), out _, out var refusal),
                        $"Accepted, and {refusal?.Code}: {shown}"
                    );
                    break;
                default:
                    Assert.False(string.IsNullOrEmpty(SmsMessage.Of(record).Text), $"Accepted, and empty: {shown}");
                    break;
            }
        }
    }

    private async Task PostAsync(HttpMethod method, string path, byte[] body, string? key)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var response = await fixture.Api.SendAsync(method, path, content, ApiHost.Key, key);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(
            (int)response.StatusCode < 500,
            $"{method} {path} answers {(int)response.StatusCode} {answer} to {Convert.ToHexString(body)}: {Encoding.UTF8.GetString(body)}"
        );
    }
}
