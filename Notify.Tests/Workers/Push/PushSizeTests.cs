using System.Text;
using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Validation;
using Notify.Tests.Workers.Push.Apns;
using Notify.Tests.Workers.Push.Fcm;

namespace Notify.Tests.Workers.Push;

/// <summary>What the door accepts fits what goes out, byte for byte.</summary>
public sealed class PushSizeTests
{
    private static readonly string[] s_units = ["x", "😀", "\\\"", "\\n", "€", "\\u0001", "\\\\", "é", "\\u2028", "👩‍👩‍👧"];

    public static TheoryData<string> Units => [.. s_units];

    /// <summary>As many as are accepted, in the body, in the payload and in a nested payload.</summary>
    [Theory]
    [MemberData(nameof(Units))]
    public async Task Most_of_what_is_accepted_is_sent_to_both_providers(string unit)
    {
        await using var apns = await ApnsDoor.OpenAsync();
        await using var fcm = await FcmDoor.OpenAsync();
        foreach (
            var make in (Func<string, string>[])
                [
                    text => $$$"""{"recipients":["u1"],"channels":["push"],"message":{"title":"T","body":"{{{text}}}"}}""",
                    text => $$$"""{"recipients":["u1"],"channels":["push"],"message":{"body":"B"},"payload":{"k":"{{{text}}}"}}""",
                    text =>
                        $$$$"""{"recipients":["u1"],"channels":["push"],"message":{"body":"B"},"payload":{"k":{"n": ["{{{{text}}}}"]}}}""",
                ]
        )
        {
            var content = Largest(make, unit);
            var data = content.Data ?? new Dictionary<string, string>();

            Assert.Equal(
                OutcomeKind.Sent,
                (await apns.SendAsync(PushMessages.Apns(data: data, body: content.Body!) with { Title = content.Title })).Kind
            );
            Assert.InRange(Encoding.UTF8.GetByteCount(apns.Production.Requests[^1].Body), 3_000, 4_096);
            Assert.Equal(
                OutcomeKind.Sent,
                (await fcm.SendAsync(PushMessages.Fcm(data: data) with { Title = content.Title, Body = content.Body! })).Kind
            );
            if (unit == "😀")
                Assert.DoesNotContain("\\ud83d", fcm.Messages.Requests[^1].Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static DeliveryContent Largest(Func<string, string> make, string unit)
    {
        var (fits, fails) = (0, 4_096);
        while (fails - fits > 1)
        {
            var middle = (fits + fails) / 2;
            var request = Read(make(string.Concat(Enumerable.Repeat(unit, middle))));
            (fits, fails) = NotificationValidator.Validate(request).Count == 0 ? (middle, fails) : (fits, middle);
        }
        return DeliveryContent.For(Channel.Push, Read(make(string.Concat(Enumerable.Repeat(unit, fits)))));
    }

    private static NotificationRequest Read(string json) => JsonSerializer.Deserialize(json, NotificationJson.Strict.NotificationRequest)!;
}
