using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Recipients;
using Notify.Core.Routing;

namespace Notify.Tests.Core.Routing;

public sealed class CandidatesTests
{
    [Fact]
    public void Two_tenants_with_one_notification_id_have_deliveries_of_their_own()
    {
        var request = Request("\"full\"", null);
        Assert.Empty(Of("acme", Id, request).Select(d => d.Id).Intersect(Of("other", Id, request).Select(d => d.Id)));
    }

    private static readonly Guid Id = UuidV7.New(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    private static readonly Dictionary<(string, string), Profile> Known = new Profile[]
    {
        new()
        {
            RecipientId = "full",
            Email = "full@example.com",
            Phone = "+15005550001",
            Devices = [Device("phone", "fcm", "t1"), Device("tablet", "apns", "t2")],
        },
        new() { RecipientId = "mail", Email = "mail@example.com" },
        new() { RecipientId = "twin", Email = "mail@example.com" },
        new() { RecipientId = "bare" },
    }
        .SelectMany(profile => new[] { ("acme", profile), ("other", profile) })
        .ToDictionary(entry => (entry.Item1, entry.profile.RecipientId), entry => entry.profile);

    [Theory]
    [InlineData("\"full\"", null, "push full t1, push full t2, email full full@example.com, sms full +15005550001")]
    [InlineData("\"full\"", "\"email\"", "email full full@example.com")]
    [InlineData("\"full\"", "\"sms\",\"push\"", "sms full +15005550001, push full t1, push full t2")]
    [InlineData("\"mail\"", null, "email mail mail@example.com")]
    [InlineData("\"mail\"", "\"email\",\"sms\"", "email mail mail@example.com, sms mail no_address")]
    [InlineData("\"bare\"", null, "push bare no_address, email bare no_address, sms bare no_address")]
    [InlineData("\"ghost\"", "\"push\"", "push ghost unknown_recipient")]
    [InlineData("\"ghost\"", null, "push ghost unknown_recipient, email ghost unknown_recipient, sms ghost unknown_recipient")]
    [InlineData("\"mail\",\"twin\"", "\"email\"", "email mail mail@example.com")]
    [InlineData("\"mail\",\"mail\"", "\"email\"", "email mail mail@example.com")]
    [InlineData("\"ghost\",\"phantom\"", "\"sms\"", "sms ghost unknown_recipient, sms phantom unknown_recipient")]
    [InlineData("{\"email\":\"x@example.com\",\"phone\":\"+12\"}", null, "email - x@example.com, sms - +12")]
    [InlineData("{\"email\":\"x@example.com\"}", "\"sms\"", "sms - no_address")]
    [InlineData("{\"push\":{\"token\":\"t9\",\"platform\":\"fcm\"}}", null, "push - t9")]
    [InlineData("\"mail\",{\"email\":\"mail@example.com\"}", null, "email mail mail@example.com")]
    [InlineData(
        "{\"push\":{\"token\":\"-ghost\",\"platform\":\"fcm\"}},\"ghost\"",
        "\"push\"",
        "push - -ghost, push ghost unknown_recipient"
    )]
    [InlineData("\"mail\",{\"email\":\"mail@EXAMPLE.com\"}", null, "email mail mail@example.com")]
    public void Deliveries_are_one_for_each_channel_and_address(string recipients, string? channels, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ", ",
                Of(recipients, channels)
                    .Select(d =>
                        $"{d.Channel.ToName()} {d.RecipientId ?? "-"} {(d.IsKnown ? d.Address ?? "no_address" : "unknown_recipient")}"
                    )
            )
        );

    [Fact]
    public void Ids_are_stable_distinct_and_of_the_notifications_time()
    {
        var first = Of("\"full\",\"mail\",\"bare\",\"ghost\"", null);
        var again = Of("\"full\",\"mail\",\"bare\",\"ghost\"", null);

        Assert.Equal(first.Select(d => d.Id), again.Select(d => d.Id));
        Assert.Equal(first.Count, first.Select(d => d.Id).Distinct().Count());
        Assert.All(first, d => Assert.Equal(UuidV7.TimeOf(Id), UuidV7.TimeOf(d.Id)));
        Assert.Empty(
            first.Select(d => d.Id).Intersect(Of("acme", UuidV7.New(UuidV7.TimeOf(Id)), Request("\"full\"", null)).Select(d => d.Id))
        );
    }

    [Fact]
    public void Ids_do_not_depend_on_the_order_of_recipients() =>
        Assert.Equal(Of("\"full\",\"ghost\"", null).Select(d => d.Id).Order(), Of("\"ghost\",\"full\"", null).Select(d => d.Id).Order());

    [Fact]
    public void Devices_travel_with_their_push_deliveries()
    {
        var (phone, tablet) = (Of("\"full\"", "\"push\"")[0].Device!, Of("\"full\"", "\"push\"")[1].Device!);
        Assert.Equal(("phone", "fcm", "app", "production"), (phone.DeviceId, phone.Platform, phone.App, phone.Environment));
        Assert.NotNull(phone.RegisteredAt);
        Assert.Equal("apns", tablet.Platform);

        var inline = Of("{\"push\":{\"token\":\"t\",\"platform\":\"apns\",\"environment\":\"sandbox\"}}", null)[0].Device!;
        Assert.Equal((null, "sandbox", null), (inline.DeviceId, inline.Environment, inline.RegisteredAt));
        Assert.All(Of("\"full\"", "\"email\",\"sms\""), d => Assert.Null(d.Device));
    }

    private static List<Candidate> Of(string recipients, string? channels) => [.. Of("acme", Id, Request(recipients, channels))];

    private static IReadOnlyCollection<Candidate> Of(string tenant, Guid id, NotificationRequest request) =>
        Candidates.Of(tenant, id, request, Known, NotificationTerms.Of(request, null).Channels);

    private static NotificationRequest Request(string recipients, string? channels) =>
        JsonSerializer.Deserialize(
            $"{{\"recipients\":[{recipients}]{(channels is null ? "" : $",\"channels\":[{channels}]")},\"message\":{{\"title\":\"T\",\"body\":\"B\"}}}}",
            NotificationJson.Strict.NotificationRequest
        )!;

    private static ProfileDevice Device(string id, string platform, string token) =>
        new(id, platform, "app", "production", token, UuidV7.TimeOf(Id).AddDays(-1));

    [Fact]
    public void Id_is_made_of_tenant_notification_channel_and_address_or_recipient()
    {
        var ids = Of("acme", Id, Request("\"mail\"", "\"email\",\"sms\"")).Select(candidate => candidate.Id);
        Assert.Equal([IdOf("email/mail@example.com"), IdOf("sms/\nmail")], ids);

        static Guid IdOf(string place) => UuidV7.Derive(UuidV7.TimeOf(Id), System.Text.Encoding.UTF8.GetBytes($"acme/{Id:N}/{place}"));
    }

    [Fact]
    public void One_recipient_with_many_devices_has_a_delivery_for_each_once()
    {
        var devices = Enumerable.Range(0, 40).Select(i => Device($"d{i}", "fcm", $"t{i % 30}")).ToList();
        var known = new Dictionary<(string, string), Profile>
        {
            [("acme", "many")] = new() { RecipientId = "many", Devices = devices },
        };
        Assert.Equal(30, Candidates.Of("acme", Id, Request("\"many\"", null), known, [Channel.Push]).Count);
    }
}
