using System.Text.Json;
using Notify.Core.Notifications;
using Notify.Core.Validation;

namespace Notify.Tests.Core.Notifications;

public sealed class NotificationValidatorTests
{
    private const string Message = "\"message\":{\"title\":\"T\",\"body\":\"B\"}";

    [Theory]
    [InlineData("""{"recipients":["u1"],"message":{"title":"T","body":"B"}}""")]
    [InlineData("""{"recipients":[{"id":"u1"}],"channels":["push","email","sms"],"message":{"title":"T","body":"B"}}""")]
    [InlineData("""{"recipients":[{"phone":"+15005550006"}],"message":{"body":"B"}}""")]
    [InlineData("""{"recipients":[{"email":"a@example.com"}],"message":{"email":{"subject":"S","html":"<p>H</p>"}}}""")]
    [InlineData("""{"recipients":[{"push":{"token":"t","platform":"fcm"}}],"message":{"push":{"body":"B"}}}""")]
    [InlineData(
        """{"recipients":[{"push":{"token":"t","platform":"apns","app":"com.example","environment":"sandbox"}}],"message":{"body":"B"}}"""
    )]
    [InlineData(
        """{"recipients":["u1"],"channels":["sms"],"type":"alert","priority":"critical","category":"orders.new_1-a","ttl":1,"deduplicationKey":"k","message":{"body":"B"}}"""
    )]
    [InlineData(
        """{"recipients":["u1"],"channels":["push"],"ttl":2419200,"payload":{"order":{"id":7},"from_":"x"},"message":{"body":"B"}}"""
    )]
    [InlineData(
        """{"recipients":["u1"],"channels":["email"],"payload":{"from":"kept, since no push provider sees it"},"message":{"title":"T","body":"B"}}"""
    )]
    public void Good_request_has_no_errors(string json) => Assert.Empty(Errors(json));

    [Theory]
    [InlineData("""{}""", "recipients:required")]
    [InlineData("""{"recipients":[]}""", "recipients:required")]
    [InlineData("""{"recipients":[null]}""", "recipients[0]:required")]
    [InlineData("""{"recipients":["u1",{}]}""", "recipients[1]:required")]
    [InlineData("""{"recipients":[""]}""", "recipients[0].id:invalid")]
    [InlineData("""{"recipients":["a\u0001"]}""", "recipients[0].id:invalid")]
    [InlineData("""{"recipients":[{"id":"u1","email":"a@example.com"}]}""", "recipients[0]:ambiguous")]
    [InlineData("""{"recipients":[{"email":"nobody"}]}""", "recipients[0].email:invalid")]
    [InlineData("""{"recipients":["u0","u1",{"phone":"0123"}]}""", "recipients[2].phone:invalid")]
    [InlineData("""{"recipients":[{"push":{}}]}""", "recipients[0].push.token:invalid recipients[0].push.platform:unknown")]
    [InlineData("""{"recipients":[{"push":{"token":"t","platform":"webpush"}}]}""", "recipients[0].push.platform:unknown")]
    [InlineData("""{"recipients":[{"push":{"token":"t t","platform":"fcm"}}]}""", "recipients[0].push.token:invalid")]
    [InlineData("""{"recipients":[{"push":{"token":"t","platform":"fcm","app":""}}]}""", "recipients[0].push.app:invalid")]
    [InlineData(
        """{"recipients":[{"push":{"token":"t","platform":"apns","environment":"test"}}]}""",
        "recipients[0].push.environment:unknown"
    )]
    public void Recipients_are_held_to_their_rules(string json, string expected) =>
        Assert.Equal(expected, string.Join(' ', Errors(json.Insert(json.Length - 1, (json.Length > 2 ? "," : "") + Message))));

    [Theory]
    [InlineData("\"type\":\"promo\"", "type:unknown")]
    [InlineData("\"type\":\"Marketing\"", "type:unknown")]
    [InlineData("\"priority\":\"urgent\"", "priority:unknown")]
    [InlineData("\"priority\":\"critical\",\"type\":\"marketing\"", "priority:not_allowed")]
    [InlineData("\"category\":\"\"", "category:invalid")]
    [InlineData("\"category\":\"Orders\"", "category:invalid")]
    [InlineData("\"category\":\"ordérs\"", "category:invalid")]
    [InlineData("\"ttl\":0", "ttl:out_of_range")]
    [InlineData("\"ttl\":-1", "ttl:out_of_range")]
    [InlineData("\"ttl\":2419201", "ttl:out_of_range")]
    [InlineData("\"ttl\":99999999999", "ttl:out_of_range")]
    [InlineData("\"deduplicationKey\":\"\"", "deduplicationKey:invalid")]
    [InlineData("\"deduplicationKey\":\"a b\"", "deduplicationKey:invalid")]
    [InlineData("\"deduplicationKey\":\"é\"", "deduplicationKey:invalid")]
    [InlineData("\"channels\":[]", "channels:required")]
    [InlineData("\"channels\":[\"fax\"]", "channels[0]:unknown")]
    [InlineData("\"channels\":[\"Push\"]", "channels[0]:unknown")]
    [InlineData("\"channels\":[null]", "channels[0]:unknown")]
    [InlineData("\"channels\":[\"push\",\"sms\",\"push\"]", "channels[2]:repeated")]
    [InlineData("\"payload\":{\"from\":1}", "payload.from:reserved")]
    [InlineData("\"payload\":{\"gcm\":1}", "payload.gcm:reserved")]
    [InlineData("\"payload\":{\"google.x\":1}", "payload.google.x:reserved")]
    [InlineData("\"payload\":{\"googled\":1}", "payload.googled:reserved")]
    [InlineData("\"payload\":{\"gcm.n.e\":1}", "payload.gcm.n.e:reserved")]
    [InlineData("\"payload\":{\"message_type\":1}", "payload.message_type:reserved")]
    [InlineData("\"payload\":{\"collapse_key\":1}", "payload.collapse_key:reserved")]
    [InlineData("\"payload\":{\"aps\":{}}", "payload.aps:reserved")]
    [InlineData("\"payload\":{\"From\":1,\"fromage\":2,\"message\":3}", "")]
    [InlineData("\"payload\":{\"notify-delivery-id\":1}", "payload.notify-delivery-id:reserved")]
    [InlineData("\"payload\":{\"\":1}", "payload.:reserved")]
    [InlineData("\"payload\":{\"half\":\"\\ud800\"}", "payload.half:invalid")]
    public void Terms_are_held_to_their_rules(string terms, string expected) =>
        Assert.Equal(expected, string.Join(' ', Errors($"{{\"recipients\":[\"u1\"],{terms},{Message}}}")));

    [Theory]
    [InlineData("category", 64, 0)]
    [InlineData("category", 65, 1)]
    [InlineData("deduplicationKey", 255, 0)]
    [InlineData("deduplicationKey", 256, 1)]
    public void Names_and_keys_have_a_longest_length(string field, int length, int errors) =>
        Assert.Equal(errors, Errors($"{{\"recipients\":[\"u1\"],\"{field}\":\"{new string('k', length)}\",{Message}}}").Count);

    [Theory]
    [InlineData(500, "")]
    [InlineData(501, "recipients:too_many")]
    public void Notification_has_at_most_500_recipients(int count, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                Errors($"{{\"recipients\":[{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"u{i}\""))}],{Message}}}")
            )
        );

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Assert.Equal(
            ["recipients[0].email:invalid", "type:unknown", "ttl:out_of_range", "message:required"],
            Errors("""{"recipients":[{"email":"x"}],"type":"x","ttl":0}""")
        );

    [Fact]
    public void Twenty_errors_are_enough() =>
        Assert.Equal(20, Errors($"{{\"recipients\":[{string.Join(',', Enumerable.Repeat("{\"email\":\"x\"}", 400))}],{Message}}}").Count);

    [Theory]
    [InlineData("critical", "transactional", Lane.Critical)]
    [InlineData("critical", "alert", Lane.Critical)]
    [InlineData("high", "transactional", Lane.Standard)]
    [InlineData("normal", "alert", Lane.Standard)]
    [InlineData("low", "transactional", Lane.Bulk)]
    [InlineData("high", "marketing", Lane.Bulk)]
    [InlineData("normal", "marketing", Lane.Bulk)]
    [InlineData(null, null, Lane.Standard)]
    [InlineData(null, "marketing", Lane.Bulk)]
    public void Lane_follows_priority_and_type(string? priority, string? type, Lane expected) =>
        Assert.Equal(expected, new NotificationRequest { Priority = priority, Type = type }.Lane());

    [Fact]
    public void Time_to_live_is_three_days_unless_given()
    {
        Assert.Equal(TimeSpan.FromDays(3), new NotificationRequest().TimeToLive());
        Assert.Equal(TimeSpan.FromSeconds(90), new NotificationRequest { Ttl = 90 }.TimeToLive());
    }

    private static List<string> Errors(string json) =>
        [
            .. NotificationValidator
                .Validate(JsonSerializer.Deserialize(json, NotificationJson.Strict.NotificationRequest)!)
                .Select(error => $"{error.Field}:{error.Rule}"),
        ];
}
