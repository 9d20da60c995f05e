using System.Text.Json;
using Notify.Core.Notifications;
using Notify.Core.Validation;

namespace Notify.Tests.Core.Notifications;

public sealed class ContentRulesTests
{
    [Theory]
    [InlineData("push", """{}""", "message.body:required")]
    [InlineData("push", """{"body":""}""", "message.body:required")]
    [InlineData("push", """{"title":"only"}""", "message.body:required")]
    [InlineData("push", """{"push":{"body":"B"}}""", "")]
    [InlineData("email", """{"title":"T"}""", "message.body:required")]
    [InlineData("email", """{"body":"B"}""", "message.title:required")]
    [InlineData("email", """{"title":"T","email":{"subject":"","text":"B"}}""", "message.email.subject:required")]
    [InlineData("email", """{"email":{"subject":"S","text":"B"}}""", "")]
    [InlineData("email", """{"email":{"subject":"S","html":"H"}}""", "")]
    [InlineData("email", """{"title":"a\nb","body":"B"}""", "message.title:invalid")]
    [InlineData("email", """{"title":"T","body":"B","email":{"subject":"a\rBcc: x"}}""", "message.email.subject:invalid")]
    [InlineData("email", """{"title":"a\u0000","body":"B"}""", "message.title:invalid")]
    [InlineData("sms", """{"body":"a\u0000"}""", "message.body:invalid")]
    [InlineData("email", """{"title":"T","email":{"html":"\u0000"}}""", "message.email.html:invalid")]
    [InlineData("sms", """{"title":"T"}""", "message.body:required")]
    [InlineData("sms", """{"body":"B","sms":{"body":""}}""", "message.sms.body:required")]
    [InlineData("sms", """{"sms":{"body":"B"}}""", "")]
    public void Channel_needs_its_words(string channel, string message, string expected) =>
        Assert.Equal(expected, Errors(channel, message));

    [Fact]
    public void Same_missing_body_is_said_once_for_all_channels() =>
        Assert.Equal("message.body:required", Errors("push\",\"email\",\"sms", """{"title":"T"}"""));

    [Theory]
    [InlineData(1_600, "")]
    [InlineData(1_601, "message.body:too_long")]
    public void Text_message_has_at_most_1600_characters(int length, string expected) =>
        Assert.Equal(expected, Errors("sms", $"{{\"body\":\"{new string('x', length)}\"}}"));

    [Fact]
    public void Text_message_of_its_own_is_measured_instead_of_the_common_body() =>
        Assert.Equal("", Errors("sms", $"{{\"body\":\"{new string('x', 5_000)}\",\"sms\":{{\"body\":\"short\"}}}}"));

    [Theory]
    [InlineData(998, "")]
    [InlineData(999, "message.title:too_long")]
    public void Subject_has_at_most_998_characters(int length, string expected) =>
        Assert.Equal(expected, Errors("email", $"{{\"body\":\"B\",\"title\":\"{new string('x', length)}\"}}"));

    [Theory]
    [InlineData(3_696, "x", "")]
    [InlineData(3_697, "x", "message.body:too_long")]
    [InlineData(1_232, "€", "")]
    [InlineData(1_233, "€", "message.body:too_long")]
    [InlineData(924, "😀", "")]
    [InlineData(925, "😀", "message.body:too_long")]
    [InlineData(1_848, "\\\"", "")] // two bytes each: they are escaped on the wire too
    [InlineData(1_849, "\\\"", "message.body:too_long")]
    [InlineData(1_900, "\\\"", "message.body:too_long")]
    [InlineData(3_600, "\\n", "message.body:too_long")]
    [InlineData(1_848, "\\n", "")]
    [InlineData(900, "\\ud83d\\ude00", "")] // however it was written
    [InlineData(616, "\\u0001", "")]
    [InlineData(617, "\\u0001", "message.body:too_long")]
    public void Push_is_measured_in_the_bytes_that_go_out(int count, string text, string expected) =>
        Assert.Equal(expected, Errors("push", $"{{\"body\":\"{string.Concat(Enumerable.Repeat(text, count))}\"}}"));

    [Fact]
    public void Title_and_payload_count_too()
    {
        var body = new string('x', 3_600);
        Assert.Equal("message.body:too_long", Errors("push", $"{{\"title\":\"{new string('t', 97)}\",\"body\":\"{body}\"}}"));
        Assert.Equal(
            "message.push.body:too_long",
            Errors("push", $"{{\"push\":{{\"body\":\"{body}\"}}}}", $",\"payload\":{{\"k\":\"{new string('v', 100)}\"}}")
        );
    }

    [Theory]
    [InlineData(3_677, "")] // {"":"…"} goes out as "{\"\":\"…\"}", beside the body's byte, the key's, and six around it
    [InlineData(3_678, "message.body:too_long")]
    public void Nested_payload_is_measured_as_the_text_that_it_travels_as(int length, string expected) =>
        Assert.Equal(expected, Errors("push", """{"body":"B"}""", $$$""","payload":{"k":{"":"{{{new string('v', length)}}}"}}"""));

    [Fact]
    public void Channels_that_are_implied_by_inline_addresses_are_the_only_ones_asked()
    {
        var request = JsonSerializer.Deserialize(
            """{"recipients":[{"phone":"+15005550006"}],"message":{"body":"no subject needed"}}""",
            NotificationJson.Strict.NotificationRequest
        )!;
        Assert.Empty(NotificationValidator.Validate(request));
    }

    [Fact]
    public void Registered_recipient_without_channels_asks_for_the_words_of_every_channel()
    {
        var request = JsonSerializer.Deserialize(
            """{"recipients":["u1"],"message":{"body":"no subject"}}""",
            NotificationJson.Strict.NotificationRequest
        )!;
        Assert.Equal("message.title", Assert.Single(NotificationValidator.Validate(request)).Field);
    }

    private static string Errors(string channel, string message, string more = "")
    {
        var request = JsonSerializer.Deserialize(
            $"{{\"recipients\":[\"u1\"],\"channels\":[\"{channel}\"],\"message\":{message}{more}}}",
            NotificationJson.Strict.NotificationRequest
        )!;
        return string.Join(' ', NotificationValidator.Validate(request).Select(error => $"{error.Field}:{error.Rule}"));
    }
}
