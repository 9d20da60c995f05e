using System.Text.Json;
using Notify.Core.Notifications;

namespace Notify.Tests.Core.Notifications;

public sealed class NotificationJsonTests
{
    [Fact]
    public void Recipient_is_a_string_or_an_object()
    {
        var targets = Strict(
            """{"recipients":["u1",{"id":"u2"},{"email":"a@example.com","phone":"+12","push":{"token":"t","platform":"fcm","app":"x","environment":"sandbox"}},null]}"""
        ).Recipients!;

        Assert.Equal(("u1", false), (targets[0].Id, targets[0].HasAddress));
        Assert.Equal("u2", targets[1].Id);
        Assert.Equal(
            ("a@example.com", "+12", "t", "fcm", "x", "sandbox"),
            (
                targets[2].Email,
                targets[2].Phone,
                targets[2].Push!.Token,
                targets[2].Push!.Platform,
                targets[2].Push!.App,
                targets[2].Push!.Environment
            )
        );
        Assert.True(targets[2].IsInline);
        Assert.Null(targets[3]);
    }

    [Fact]
    public void Request_survives_being_written_and_read()
    {
        const string json =
            """{"recipients":["u1",{"email":"a@example.com"}],"channels":["email"],"message":{"title":"T"},"payload":{"a":[1,{"b":null}]},"ttl":5}""";
        var again = Lenient(JsonSerializer.Serialize(Strict(json), NotificationJson.Lenient.NotificationRequest));

        Assert.Equal(("u1", "a@example.com"), (again.Recipients![0].Id, again.Recipients[1].Email));
        Assert.Equal("""[1,{"b":null}]""", again.Payload!["a"].GetRawText());
        Assert.Equal(5, again.Ttl);
    }

    [Theory]
    [InlineData("""{"recipients":["u1"],"chanels":["sms"]}""")]
    [InlineData("""{"Recipients":["u1"]}""")]
    [InlineData("""{"recipients":[{"id":"u1","name":"x"}]}""")]
    [InlineData("""{"recipients":[{"push":{"tokn":"x"}}]}""")]
    [InlineData("""{"message":{"subject":"x"}}""")]
    [InlineData("""{"message":{"email":{"title":"x"}}}""")]
    public void Unknown_field_is_refused_at_the_door_and_passed_over_on_the_topic(string json)
    {
        Assert.Throws<JsonException>(() => Strict(json));
        Assert.NotNull(Lenient(json));
    }

    [Theory]
    [InlineData("""{"recipients":"u1"}""")]
    [InlineData("""{"recipients":[7]}""")]
    [InlineData("""{"recipients":[["u1"]]}""")]
    [InlineData("""{"recipients":[{"id":7}]}""")]
    [InlineData("""{"channels":"push"}""")]
    [InlineData("""{"ttl":"60"}""")]
    [InlineData("""{"ttl":1.5}""")]
    [InlineData("""{"ttl":99999999999999999999}""")]
    [InlineData("""{"message":"hello"}""")]
    [InlineData("""{"payload":[1]}""")]
    [InlineData("""[]""")]
    [InlineData("""{"recipients":["u1"]""")]
    [InlineData("""{"recipients":["u1"],}""")]
    [InlineData("""{"recipients":["\ud800"]}""")]
    public void Wrong_types_are_refused_by_both(string json)
    {
        Assert.Throws<JsonException>(() => Strict(json));
        Assert.Throws<JsonException>(() => Lenient(json));
    }

    [Fact]
    public void Depth_is_bounded()
    {
        Assert.NotNull(Strict(Nested(30)));
        Assert.Throws<JsonException>(() => Strict(Nested(31)));

        static string Nested(int levels) => $"{{\"payload\":{{\"a\":{new string('[', levels)}{new string(']', levels)}}}}}";
    }

    private static NotificationRequest Strict(string json) =>
        JsonSerializer.Deserialize(json, NotificationJson.Strict.NotificationRequest)!;

    private static NotificationRequest Lenient(string json) =>
        JsonSerializer.Deserialize(json, NotificationJson.Lenient.NotificationRequest)!;
}
