using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Recipients;
using Notify.Core.Routing;
using Notify.Core.Suppressions;
using Notify.Core.Tenants;
using Notify.Core.Validation;
using Notify.Sending;
using Notify.Sending.SelfChecks;
using Notify.Tests.Workers.Router;
using Notify.Workers.Push;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Release;

namespace Notify.Tests.Sending.SelfChecks;

public sealed class SelfCheckRequestTests
{
    private static readonly DecisionFacts Nobody = new(
        new Dictionary<(string, string), Profile>(),
        new Dictionary<OwnedAddress, List<SuppressionScope>>(),
        new()
    );

    private static readonly SelfCheckOptions All = new()
    {
        Email = "ops@example.test",
        Phone = "+15005550009",
        PushToken = "token",
    };

    [Theory]
    [InlineData(Channel.Push)]
    [InlineData(Channel.Email)]
    [InlineData(Channel.Sms)]
    public void Request_is_a_good_one_of_its_channel_alone(Channel channel)
    {
        Assert.Null(SelfCheckRequest.For(channel, new()));
        var request = JsonSerializer.Deserialize(
            JsonSerializer.SerializeToUtf8Bytes(SelfCheckRequest.For(channel, All)!, NotificationJson.Lenient.NotificationRequest),
            NotificationJson.Strict.NotificationRequest
        )!;
        Assert.Empty(NotificationValidator.Validate(request));
        Assert.Equal((Lane.Standard, 30), (request.Lane(), request.Ttl));
        var delivery = Assert.Single(
            Candidates.Of(
                "acme",
                UuidV7.New(TimeProvider.System.GetUtcNow()),
                request,
                new Dictionary<(string, string), Profile>(),
                channels: null
            )
        );
        Assert.Equal(channel, delivery.Channel);
        Assert.NotNull(delivery.Address);
        Assert.Equal(channel == Channel.Push, SelfCheckNotification.IsDryRun(SelfCheckNotification.Tenant, request));
    }

    [Theory]
    [InlineData("fcm", true, true)]
    [InlineData("fcm", false, false)]
    [InlineData("apns", true, false)]
    public void Only_FCM_can_be_asked_to_check_alone(string platform, bool dryRun, bool dry)
    {
        var request = SelfCheckRequest.For(
            Channel.Push,
            new()
            {
                PushToken = "token",
                PushPlatform = platform,
                DryRun = dryRun,
            }
        )!;
        Assert.Equal(dry, SelfCheckNotification.IsDryRun(SelfCheckNotification.Tenant, request));
    }

    [Theory]
    [InlineData(SelfCheckNotification.Tenant, SelfCheckNotification.DryRunCategory, true)]
    [InlineData(SelfCheckNotification.Tenant, SelfCheckNotification.Category, false)]
    [InlineData("acme", SelfCheckNotification.DryRunCategory, false)]
    [InlineData("acme", null, false)]
    public void No_other_tenants_message_is_a_dry_run(string tenant, string? category, bool dry)
    {
        var body = JsonSerializer.Serialize(
            new()
            {
                Recipients =
                [
                    new()
                    {
                        Push = new() { Token = "token", Platform = "fcm" },
                    },
                ],
                Message = new() { Body = "B" },
                Category = category,
            },
            NotificationJson.Lenient.NotificationRequest
        );
        var now = TimeProvider.System.GetUtcNow();
        var incoming = Incoming.Notification(now, body, tenant: tenant);
        var candidate = Assert.Single(
            Candidates.Of(tenant, incoming.Id, incoming.Request, new Dictionary<(string, string), Profile>(), channels: null)
        );

        var fresh = DeliveryRecord.Of(OpenRows.Of(incoming, candidate), incoming.Request);
        var waiting = new DueDelivery
        {
            Tenant = tenant,
            Id = candidate.Id,
            NotificationId = incoming.Id,
            Channel = "push",
            Lane = "standard",
            Address = "token",
            Was = "waiting",
            Reason = "retry",
            Attempt = 1,
            AtMostOnce = false,
            ExpiresAt = now.AddHours(1),
            Request = incoming.Record.Value,
        };
        waiting.Decide(now, Nobody, TenantEntry.Plain);
        var due = waiting.Sendable!.ToRecord(weight: 1);

        Assert.Equal(dry, fresh.DryRun);
        Assert.Equal(dry, PushMessage.Of(fresh).DryRun);
        Assert.Equal(dry, JsonSerializer.Deserialize(due.Value, DeliveryJson.Default.DeliveryRecord)!.DryRun);
        Assert.Equal(dry, System.Text.Encoding.UTF8.GetString(due.Value).Contains("dryRun", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_result_has_a_name_of_its_own() =>
        Assert.Equal(
            Enum.GetValues<SelfCheckResult>().Length,
            Enum.GetValues<SelfCheckResult>().Select(SelfCheckResults.ToTag).Distinct().Count()
        );
}
