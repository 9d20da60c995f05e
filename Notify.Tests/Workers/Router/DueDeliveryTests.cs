using System.Text.Json;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Recipients;
using Notify.Core.Routing;
using Notify.Core.Suppressions;
using Notify.Core.Tenants;
using Notify.Workers.Router.Release;

namespace Notify.Tests.Workers.Router;

public sealed class DueDeliveryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("waiting", false, 1, "queued", null)]
    [InlineData("waiting", true, 1, "queued", null)]
    [InlineData("waiting", false, 0, "expired", "expired")]
    [InlineData("waiting", true, -1, "expired", "expired")]
    [InlineData("sending", false, 1, "queued", null)]
    [InlineData("sending", false, 0, "expired", "expired")]
    [InlineData("sending", true, 1, "unknown", "lease_expired")]
    [InlineData("sending", true, -1, "unknown", "lease_expired")]
    public void Due_row_becomes(string was, bool atMostOnce, int secondsToExpiry, string state, string? reason)
    {
        Assert.Equal((state, reason), Becomes(Decided(Due(was, atMostOnce, Now.AddSeconds(secondsToExpiry)))));
    }

    [Theory]
    [InlineData("waiting", false, "skipped", "tenant_disabled")]
    [InlineData("sending", false, "skipped", "tenant_disabled")]
    [InlineData("sending", true, "unknown", "lease_expired")]
    public void Due_row_of_a_disabled_tenant_becomes(string was, bool atMostOnce, string state, string reason)
    {
        var due = Decided(Due(was, atMostOnce, Now.AddHours(1)) with { IsTenantEnabled = false });
        Assert.Equal((state, reason), Becomes(due));
        Assert.Null(due.Sendable);
    }

    [Fact]
    public void Record_is_that_of_the_first_time()
    {
        var due = Decided(Due("waiting", false, Now.AddHours(1)));
        var record = due.Sendable!.ToRecord(weight: 1);
        var delivery = JsonSerializer.Deserialize(record.Value, DeliveryJson.Default.DeliveryRecord)!;

        Assert.Equal("deliveries.push.bulk", record.Topic);
        Assert.Equal(
            ("acme", due.NotificationId.ToString(), "1", null),
            (
                record.Headers.Text("tenant"),
                record.Headers.Text("notification-id"),
                record.Headers.Text("schema-version"),
                record.Headers.Text("traceparent")
            )
        );
        Assert.Equal("acme/u1"u8.ToArray(), record.Key);
        Assert.Equal(
            (due.Id, due.NotificationId, "token", "u1", "low", Now.AddHours(1)),
            (delivery.Id, delivery.NotificationId, delivery.Address, delivery.RecipientId, delivery.Priority, delivery.ExpiresAt)
        );
        Assert.Equal(("d1", "fcm", "B"), (delivery.Device!.DeviceId, delivery.Device.Platform, delivery.Content.Body));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(7, "7")]
    public void Record_tells_the_workers_its_tenants_weight(int weight, string? header) =>
        Assert.Equal(header, Decided(Due("waiting", false, Now.AddHours(1))).Sendable!.ToRecord(weight).Headers.Text("tenant-weight"));

    [Theory]
    [InlineData("channel")]
    [InlineData("lane")]
    [InlineData("address")]
    [InlineData("device")]
    [InlineData("request")]
    [InlineData("nothing asked")]
    [InlineData("notification gone")]
    public void Row_that_no_record_can_be_made_of_waits_until_it_expires(string what)
    {
        foreach (var (expiresAt, state, reason) in new[] { (Now.AddHours(1), "waiting", "unreadable"), (Now, "expired", "expired") })
        {
            var due = Due("waiting", false, expiresAt);
            due = what switch
            {
                "channel" => due with { Channel = "voice" },
                "lane" => due with { Lane = "express" },
                "address" => due with { Address = null },
                "device" => due with { Device = """{"maker":"x"}""" },
                "request" => due with { Request = """{"recipients":7}"""u8.ToArray() },
                "nothing asked" => due with { Request = "null"u8.ToArray() },
                _ => due with { Request = null },
            };

            Assert.Null(Decided(due).Sendable);
            Assert.Equal((state, reason), Becomes(due));
        }
    }

    private static DueDelivery Due(string was, bool atMostOnce, DateTimeOffset expiresAt) =>
        new()
        {
            Tenant = "acme",
            IsTenantEnabled = true,
            Id = UuidV7.New(Now),
            NotificationId = UuidV7.New(Now),
            Channel = "push",
            Lane = "bulk",
            RecipientId = "u1",
            Address = "token",
            Device = """{"deviceId":"d1","platform":"fcm","environment":"production"}""",
            Was = was,
            Reason = "retry",
            Attempt = 1,
            AtMostOnce = atMostOnce,
            ExpiresAt = expiresAt,
            Request = """{"recipients":["u1"],"priority":"low","message":{"body":"B"},"fromTheFuture":1}"""u8.ToArray(),
        };

    private static readonly DecisionFacts Registered = new(
        new Dictionary<(string, string), Profile> { [("acme", "u1")] = new() { RecipientId = "u1" } },
        new Dictionary<OwnedAddress, List<SuppressionScope>>(),
        new()
    );

    private static DueDelivery Decided(DueDelivery due)
    {
        due.Decide(Now, Registered, TenantEntry.Plain);
        due.Produced = ProduceResult.Persisted;
        return due;
    }

    private static (string, string?) Becomes(DueDelivery due) => (due.ToReleased().State.ToName(), due.ToReleased().Reason);
}
