using System.Text;
using Notify.Api;
using Notify.Api.Problems;
using Notify.Core.Notifications;

namespace Notify.Tests.Api.Problems;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("", "", "required")]
    [InlineData("{", "", "malformed")]
    [InlineData("{}{}", "", "malformed")]
    [InlineData("nonsense", "", "malformed")]
    [InlineData("""{"ttl":1,}""", "", "malformed")]
    [InlineData("""{"message":{"body":'x'}}""", "message.body", "malformed")]
    [InlineData("null", "", "required")]
    [InlineData("[]", "", "wrong_type")]
    [InlineData("\"text\"", "", "wrong_type")]
    [InlineData("""{"ttl":"60"}""", "ttl", "wrong_type")]
    [InlineData("""{"ttl":1e99}""", "ttl", "wrong_type")]
    [InlineData("""{"ttl":"60","recipients":]""", "ttl", "wrong_type")]
    [InlineData("""{"recipients":"u1"}""", "recipients", "wrong_type")]
    [InlineData("""{"recipients":["u0",7]}""", "recipients[1]", "wrong_type")]
    [InlineData("""{"recipients":["u0",{"id":7}]}""", "recipients[1].id", "wrong_type")]
    [InlineData("""{"recipients":[{"push":{"token":{}}}]}""", "recipients[0].push.token", "wrong_type")]
    [InlineData("""{"message":{"email":{"subject":5}}}""", "message.email.subject", "wrong_type")]
    [InlineData("""{"message":{"body":"\ud800"}}""", "message.body", "invalid")]
    [InlineData("""{"message":{"body":"a\udc00"}}""", "message.body", "invalid")]
    [InlineData("""{"message":{"body":"\ud83d\u0041"}}""", "message.body", "invalid")]
    [InlineData("""{"message":{"body":"a\u0000b"}}""", "message.body", "invalid")]
    [InlineData("""{"payload":{"a":[{"b":"\u0000"}]}}""", "payload.a[0].b", "invalid")]
    [InlineData("""{"payload":{"\u0000":1}}""", "payload", "invalid")]
    [InlineData("""{"ttl":1,"ttl":1}""", "ttl", "duplicate_field")]
    [InlineData("""{"ttl":1,"\u0074tl":1}""", "ttl", "duplicate_field")]
    [InlineData("""{"payload":{"a":{"b":1,"b":2}}}""", "payload.a.b", "duplicate_field")]
    [InlineData("""{"recipients":[{"email":"a@b.c","email":"a@b.c"}]}""", "recipients[0].email", "duplicate_field")]
    [InlineData(
        """{"payload":{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1,"q":1}}""",
        "payload.q",
        "duplicate_field"
    )]
    [InlineData("""{"payload":{"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}""", null, "too_deep")]
    [InlineData("""{"chanels":[]}""", "chanels", "unknown_field")]
    [InlineData("""{"message":{"subject":"x"}}""", "message.subject", "unknown_field")]
    [InlineData("""{"recipients":["u0",{"emial":"x"}]}""", "recipients[1].emial", "unknown_field")]
    [InlineData("""{"recipients":[{"push":{"tokn":"x"}}]}""", "recipients[0].push.tokn", "unknown_field")]
    [InlineData("""{"recipients":[{"email":"a" "phone":1}]}""", "recipients[0]", "malformed")]
    public void Reader_faults_name_the_field_and_the_rule(string json, string? field, string rule)
    {
        var (value, error) = RequestBody.Parse(Encoding.UTF8.GetBytes(json), NotificationJson.Strict.NotificationRequest);
        Assert.Null(value);
        Assert.Equal(rule, error!.Rule);
        if (rule != "malformed" && field is not null) // of what is no JSON the place is what helps
            Assert.Equal(field, error.Field);
    }

    [Theory]
    [InlineData("""{"ttl":"60"}""", "Expected a whole number, and this is a string")]
    [InlineData("""{"ttl":1.5}""", "Expected a whole number, and this is a number that is none")]
    [InlineData("""{"ttl":true}""", "Expected a whole number, and this is true")]
    [InlineData("""{"recipients":"u1"}""", "Expected an array, and this is a string")]
    [InlineData("""{"recipients":[7]}""", "Expected an id (a string) or an object with addresses, and this is a number")]
    [InlineData("""{"recipients":[{"push":[]}]}""", "Expected an object, and this is an array")]
    [InlineData("""{"recipients":[{"push":{"token":{}}}]}""", "Expected a string, and this is an object")]
    [InlineData("""{"channels":[1]}""", "Expected a string, and this is a number")]
    [InlineData("[]", "Expected an object, and this is an array")]
    [InlineData("""{"message":{"body":"\u0000"}}""", "U+0000")]
    [InlineData("""{"message":{"body":"\ud800"}}""", "surrogate")]
    [InlineData("""{"ttl":1,"ttl":2}""", "twice")]
    public void Message_says_what_was_expected_and_what_came(string json, string expected) =>
        Assert.Contains(
            expected,
            RequestBody.Parse(Encoding.UTF8.GetBytes(json), NotificationJson.Strict.NotificationRequest).Error!.Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("""{"message":{"body":"\\u0000 \\ud800 \ud83d\ude00"}}""")]
    [InlineData("""{"payload":{"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}""")]
    [InlineData("""{"payload":{"a":1,"A":2}}""")]
    public void What_only_looks_so_is_read(string json) =>
        Assert.Null(RequestBody.Parse(Encoding.UTF8.GetBytes(json), NotificationJson.Strict.NotificationRequest).Error);

    [Fact]
    public void Types_of_the_other_requests_are_named_too()
    {
        Assert.Contains(
            "Expected a string with a UUID, and this is a string that is none",
            RequestBody.Parse("""{"ids":["x"]}"""u8, ApiJson.Strict.ReplayRequest).Error!.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Expected true or false, and this is a string",
            RequestBody.Parse("""{"includeAmbiguous":"yes"}"""u8, ApiJson.Strict.ReplayRequest).Error!.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Place_is_told_in_lines_and_bytes_from_one() =>
        Assert.Contains(
            "line 2",
            RequestBody.Parse("{\n  \"ttl\": x }"u8, NotificationJson.Strict.NotificationRequest).Error!.Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Good_body_is_read()
    {
        Assert.Equal(60, RequestBody.Parse("""{"ttl":60}"""u8, NotificationJson.Strict.NotificationRequest).Value!.Ttl);
        Assert.Equal("t", RequestBody.Parse("""{"token":"t"}"""u8, ApiJson.Strict.DeviceRequest).Value!.Token);
    }

    [Fact]
    public void Recipient_bodies_are_read_as_strictly()
    {
        Assert.Equal("unknown_field", RequestBody.Parse("""{"Email":"a@example.com"}"""u8, ApiJson.Strict.RecipientRequest).Error!.Rule);
        Assert.Equal("unknown_field", RequestBody.Parse("""{"tokens":[]}"""u8, ApiJson.Strict.DeviceRequest).Error!.Rule);
    }
}
