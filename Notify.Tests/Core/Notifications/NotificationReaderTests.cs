using System.Text;
using System.Text.Json;
using Notify.Core.Notifications;

namespace Notify.Tests.Core.Notifications;

/// <summary>The mutations in <see cref="Fuzzing.NotificationReaderTests"/> compare what is read with the serializer's reading.</summary>
public sealed class NotificationReaderTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "recipients" : [ ] , "channels" : [ ] }""")]
    [InlineData("""{"recipients":null,"channels":null,"type":null,"message":null,"payload":null,"ttl":null,"deduplicationKey":null}""")]
    [InlineData("""{"recipients":["u1",{"id":"u2","push":null}],"channels":["push","fax"],"type":"alert","priority":"urgent"}""")]
    [InlineData("""{"recipients":[{"email":"a@b.test","phone":"+1","push":{"token":"t","platform":"fcm","app":"a","environment":"e"}}]}""")]
    [InlineData(
        """{"message":{"title":"\ud83d\ude00","body":"a\n\"b\"","push":{"title":"t"},"email":{"html":"<p>"},"sms":{},"email":null}}""",
        false
    )]
    [InlineData("""{"message":{"title":"\ud83d\ude00","body":"a\n\"b\"","push":{"title":"t"},"email":{"html":"<p>"},"sms":{}}}""")]
    [InlineData("""{"payload":{"":1,"a":"\u0041","b":1.50,"c":true,"d":null},"ttl":9223372036854775807,"category":""}""")]
    public void Ordinary_request_is_read_as_the_serializer_reads_it(string json, bool isRead = true)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(isRead, NotificationReader.TryRead(bytes, out var request));
        if (isRead)
            Assert.Equal(TextOf(JsonSerializer.Deserialize(bytes, NotificationJson.Strict.NotificationRequest)!), TextOf(request!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"ttl":1,}""")]
    [InlineData("""{"ttl":1,"ttl":1}""")]
    [InlineData("""{"ttl":1.5}""")]
    [InlineData("""{"ttl":"1"}""")]
    [InlineData("""{"ttl":9223372036854775808}""")]
    [InlineData("""{"TTL":1}""")]
    [InlineData("""{"unknown":1}""")]
    [InlineData("""{"message":{"subject":"x"}}""")]
    [InlineData("""{"message":{"body":"\u0000"}}""")]
    [InlineData("""{"message":{"body":"\ud800"}}""")]
    [InlineData("""{"message":"x"}""")]
    [InlineData("""{"recipients":"u1"}""")]
    [InlineData("""{"recipients":[null]}""")]
    [InlineData("""{"recipients":[7]}""")]
    [InlineData("""{"recipients":[{"id":7}]}""")]
    [InlineData("""{"recipients":[{"push":{"tokn":"x"}}]}""")]
    [InlineData("""{"channels":[null]}""")]
    [InlineData("""{"channels":"email"}""")]
    [InlineData("""{"payload":{"a":1,"a":2}}""")]
    [InlineData("""{"payload":{"\u0061":1}}""")]
    [InlineData("""{"payload":{"a":"\u0000"}}""")]
    [InlineData("""{"payload":{"a":{}}}""")]
    [InlineData("""{"payload":{"a":[]}}""")]
    [InlineData("""{"payload":[]}""")]
    public void What_is_out_of_the_ordinary_is_left_to_the_serializer(string json)
    {
        Assert.False(NotificationReader.TryRead(Encoding.UTF8.GetBytes(json), out var request));
        Assert.Null(request);
    }

    [Fact]
    public void Record_may_have_fields_that_a_newer_version_wrote() =>
        Assert.Equal(60, NotificationReader.ReadRecord("""{"ttl":60,"new":{"a":[1]},"message":{"also":"new"}}"""u8)!.Ttl);

    private static string TextOf(NotificationRequest request) =>
        JsonSerializer.Serialize(request, NotificationJson.Lenient.NotificationRequest);
}
