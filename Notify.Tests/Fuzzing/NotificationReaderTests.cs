using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Notify.Api.Problems;
using Notify.Core.Notifications;

namespace Notify.Tests.Fuzzing;

/// <summary>What the quick reader reads, the serializer and the rules of the door read too, and the same.</summary>
public sealed class NotificationReaderTests
{
    private static readonly string[] s_good =
    [
        """{"recipients":["u1",{"id":"u2"},{"email":"a@bücher.example","phone":"+15005550006","push":{"token":"00ff","platform":"apns","app":"x","environment":"sandbox"}}],"type":"alert","category":"c","priority":"low","payload":{"k":"v","n":1,"b":true,"o":null},"message":{"title":"T","body":"B\n\u0041","push":{"title":"P","body":"Q"},"email":{"subject":"S","text":"X","html":"<p>"},"sms":{"body":"Y"}},"ttl":60,"deduplicationKey":"d"}""",
        """{"recipients":[{"email":"a@example.test"}],"channels":["email","push"],"message":{"title":"T","email":{"html":"<p>B"}}}""",
        """{"recipients":["u1"],"message":{"body":"B"},"payload":{"a":{"b":"c"}}}""",
    ];

    [Fact]
    public void Quick_reader_takes_nothing_that_is_refused_elsewhere_and_nothing_otherwise()
    {
        var mutator = new Mutator(FuzzSettings.Seed);
        var taken = 0;
        for (var i = 0; i < FuzzSettings.Count(6_000); i++)
        {
            var json = mutator.Value(Encoding.UTF8.GetBytes(s_good[i % s_good.Length]));
            if (!NotificationReader.TryRead(json, out var request))
                continue;
            taken++;
            var shown = Encoding.UTF8.GetString(json);
            var lenient = JsonSerializer.Deserialize(json, NotificationJson.Lenient.NotificationRequest);
            Assert.True(TextOf(request) == TextOf(lenient), $"Read otherwise by the serializer: {shown}");
            if (!Utf8.IsValid(json)) // asked for before the door reads a body
                continue;
            var (strict, error) = RequestBody.Parse(json, NotificationJson.Strict.NotificationRequest);
            Assert.True(error is null, $"Read, and refused with {error}: {shown}");
            Assert.True(TextOf(request) == TextOf(strict), $"Read otherwise at the door: {shown}");
        }
        Assert.True(taken > 0);
    }

    private static string TextOf(NotificationRequest? request) =>
        JsonSerializer.Serialize(request, NotificationJson.Lenient.NotificationRequest!);
}
