using System.Text;
using System.Text.Json;
using Notify.Api;
using Notify.Api.Recipients;

namespace Notify.Tests.Api.Recipients;

public sealed class RecipientValidatorTests
{
    [Theory]
    [InlineData("u1", "{}", "")]
    [InlineData(
        "u1",
        """{"email":"a@example.com","phone":"+15005550006","locale":"de-CH","timeZone":"Europe/Zurich","attributes":{"plan":"pro"}}""",
        ""
    )]
    [InlineData("u1", """{"timeZone":"America/Argentina/Buenos_Aires"}""", "")]
    [InlineData("u1", """{"timeZone":"+01:00"}""", "timeZone:not_allowed")]
    [InlineData("u1", """{"timeZone":"europe/zurich"}""", "")]
    [InlineData("u1", """{"timeZone":"W. Europe Standard Time"}""", "timeZone:unknown")]
    [InlineData("u1", """{"timeZone":""}""", "timeZone:required")]
    [InlineData("u1", """{"email":"a"}""", "email:invalid")]
    [InlineData("u1", """{"phone":"0123"}""", "phone:invalid")]
    [InlineData("u1", """{"locale":"zh-Hant-TW"}""", "")]
    [InlineData("u1", """{"locale":"d"}""", "locale:invalid")]
    [InlineData("u1", """{"locale":"de_CH"}""", "locale:invalid")]
    [InlineData("u1", """{"locale":"abcdefgh-abcdefgh-abcdefgh-abcdefgh"}""", "")]
    [InlineData("u1", """{"locale":"abcdefgh-abcdefgh-abcdefgh-abcdefgh-a"}""", "locale:invalid")]
    [InlineData("u1", """{"attributes":[]}""", "attributes:wrong_type")]
    [InlineData("u1", """{"attributes":"x"}""", "attributes:wrong_type")]
    [InlineData("u1", """{"attributes":{"a":"\u0000"}}""", "attributes:invalid")]
    [InlineData("a\u0001", "{}", "id:invalid")]
    [InlineData("", """{"email":"a","phone":"b"}""", "id:invalid email:invalid phone:invalid")]
    public void Recipient_is_held_to_its_rules(string id, string json, string expected) => Assert.Equal(expected, Errors(id, json));

    [Theory]
    [InlineData(16_384, "")]
    [InlineData(16_385, "attributes:too_long")]
    public void Attributes_have_at_most_16_kb(int bytes, string expected)
    {
        var attributes = $"{{\"a\":\"{new string('x', bytes - 8)}\"}}";
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(attributes));
        Assert.Equal(expected, Errors("u1", $"{{\"attributes\":{attributes}}}"));
    }

    [Theory]
    [InlineData("u1", "d1", """{"token":"t","platform":"fcm"}""", "")]
    [InlineData("u1", "d1", """{"token":"t","platform":"apns","app":"com.example","environment":"sandbox"}""", "")]
    [InlineData("u1", "d1", "{}", "token:required platform:required")]
    [InlineData("u1", "d1", """{"token":"","platform":"ios"}""", "token:invalid platform:unknown")]
    [InlineData("u1", "d1", """{"token":"t","platform":"fcm","app":"","environment":"prod"}""", "app:invalid environment:unknown")]
    [InlineData("", "d\u0002", """{"token":"t","platform":"fcm"}""", "id:invalid deviceId:invalid")]
    public void Device_is_held_to_its_rules(string id, string deviceId, string json, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                RecipientValidator
                    .Validate(id, deviceId, JsonSerializer.Deserialize(json, ApiJson.Strict.DeviceRequest)!)
                    .Select(error => $"{error.Field}:{error.Rule}")
            )
        );

    private static string Errors(string id, string json) =>
        string.Join(
            ' ',
            RecipientValidator
                .Validate(id, JsonSerializer.Deserialize(json, ApiJson.Strict.RecipientRequest)!)
                .Select(error => $"{error.Field}:{error.Rule}")
        );
}
