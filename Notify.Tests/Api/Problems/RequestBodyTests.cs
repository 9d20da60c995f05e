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
    [InlineData("""{"recipients":"u1"}""", "recipients", "wrong_type")]
    [InlineData("""{"recipients":["u0",7]}""", "recipients[1]", "wrong_type")]
    [InlineData("""{"recipients":["u0",{"id":7}]}""", "recipients[1].id", "wrong_type")]
    [InlineData("""{"recipients":[{"push":{"token":{}}}]}""", "recipients[0].push.token", "wrong_type")]
    [InlineData("""{"message":{"email":{"subject":5}}}""", "message.email.subject", "wrong_type")]
    [InlineData("""{"message":{"body":"\ud800"}}""", "message.body", "wrong_type")]
    [InlineData("""{"chanels":[]}""", "chanels", "unknown_field")]
    [InlineData("""{"message":{"subject":"x"}}""", "message.subject", "unknown_field")]
    [InlineData("""{"recipients":["u0",{"emial":"x"}]}""", "recipients[1].emial", "unknown_field")]
    [InlineData("""{"recipients":[{"push":{"tokn":"x"}}]}""", "recipients[0].push.tokn", "unknown_field")]
    [InlineData("""{"recipients":[{"email":"a" "phone":1}]}""", "recipients[0]", "malformed")]
    public void Reader_faults_name_the_field_and_the_rule(string json, string field, string rule)
    {
        var (value, error) = RequestBody.Parse(Encoding.UTF8.GetBytes(json), NotificationJson.Strict.NotificationRequest);
        Assert.Null(value);
        Assert.Equal(rule, error!.Rule);
        if (rule != "malformed")   // of what is no JSON the place is what helps
            Assert.Equal(field, error.Field);
    }

    [Fact]
    public void Place_is_told_in_lines_and_bytes_from_one() =>
        Assert.Contains("line 2", RequestBody.Parse("{\n  \"ttl\": x }"u8, NotificationJson.Strict.NotificationRequest).Error!.Message, StringComparison.Ordinal);

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
