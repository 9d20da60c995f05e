using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Twilio;

namespace Notify.Tests.Sandbox;

public sealed partial class TwilioTests
{
    [Fact]
    public async Task Accepted_text_is_answered_in_full_and_kept()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendSmsAsync(body: "Grüße & more + 100%");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var sms = await SandboxFixture.JsonAsync(response);
        Assert.Matches(Sid(), sms.GetProperty("sid").GetString());
        Assert.Equal(
            ("queued", "1", "outbound-api"),
            (sms.GetProperty("status").GetString(), sms.GetProperty("num_segments").GetString(), sms.GetProperty("direction").GetString())
        );
        Assert.Equal("Grüße & more + 100%", sms.GetProperty("body").GetString());
        Assert.Equal(
            $"/2010-04-01/Accounts/{SandboxFixture.Account}/Messages/{sms.GetProperty("sid").GetString()}.json",
            sms.GetProperty("uri").GetString()
        );
        var message = await sandbox.SingleAsync();
        Assert.Equal(
            ("sms", "+15005550006", "Grüße & more + 100%"),
            (
                message.GetProperty("channel").GetString(),
                message.GetProperty("to").GetString(),
                message.GetProperty("sms").GetProperty("text").GetString()
            )
        );
        Assert.DoesNotContain("Basic Q", message.GetProperty("headers").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "+15005550001", "a", 21604)]
    [InlineData("12", "+15005550001", "a", 21211)]
    [InlineData("+0123", "+15005550001", "a", 21211)]
    [InlineData("+15005550006", null, "a", 21603)]
    [InlineData("+15005550006", "***", "a", 21212)]
    [InlineData("+15005550006", "+15005550001", "", 21602)]
    [InlineData("+15005550006", "+15005550001", null, 21602)]
    public async Task Invalid_text_is_refused_with_its_code(string? to, string? from, string? body, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendSmsAsync(to, from, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await SandboxFixture.JsonAsync(response);
        Assert.Equal((code, 400), (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetInt32()));
        Assert.Equal($"https://www.twilio.com/docs/errors/{code}", error.GetProperty("more_info").GetString());
        Assert.Equal(0, await sandbox.AcceptedAsync("twilio"));
    }

    [Theory]
    [InlineData(1600, 201)]
    [InlineData(1601, 400)]
    public async Task Text_may_have_1600_characters(int length, int status)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendSmsAsync(body: new string('a', length));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("ACother:secret")]
    [InlineData("nocolon")]
    public async Task Wrong_credentials_are_refused(string credentials)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendSmsAsync(credentials: credentials);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(20003, (await SandboxFixture.JsonAsync(response)).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Status_callbacks_follow_signed()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var posts = new ConcurrentQueue<(string Status, string Signature, SortedDictionary<string, string> Fields)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var receiver = builder.Build();
        receiver.Run(async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            var fields = new SortedDictionary<string, string>(
                form.ToDictionary(field => field.Key, field => field.Value.ToString()),
                StringComparer.Ordinal
            );
            posts.Enqueue((fields["MessageStatus"], context.Request.Headers["X-Twilio-Signature"].ToString(), fields));
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        var url = receiver.Urls.Single() + "/receipts?notify-delivery-id=0192f0c1-7b3a-7000-8000-00000000abcd";

        using var response = await sandbox.SendSmsAsync(callback: url);
        await SandboxFixture.UntilAsync(() => Task.FromResult(posts.Count == 2));

        Assert.Equal(["sent", "delivered"], posts.Select(post => post.Status));
        Assert.All(posts, post => Assert.Equal(StatusCallback.Sign("secret", url, post.Fields), post.Signature));
        Assert.Equal("0192f0c1-7b3a-7000-8000-00000000abcd", (await sandbox.SingleAsync()).GetProperty("deliveryId").GetString());
    }

    [Fact]
    public async Task Status_callback_to_a_stranger_is_not_made()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.SendSmsAsync(callback: "http://192.0.2.1/receipts");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(1, (await sandbox.GetAsync("/sandbox/stats")).GetProperty("callbacks").GetProperty("skipped").GetInt64());
    }

    [Fact]
    public void Signature_is_that_of_the_published_example()
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["CallSid"] = "CA1234567890ABCDE",
            ["Caller"] = "+14158675309",
            ["Digits"] = "1234",
            ["From"] = "+14158675309",
            ["To"] = "+18005551212",
        };

        Assert.Equal("RSOYDt4T1cUTdK1PDd93/VVr8B8=", StatusCallback.Sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields));
    }

    [Theory]
    [InlineData('a', 160, 1)]
    [InlineData('a', 161, 2)]
    [InlineData('a', 306, 2)]
    [InlineData('a', 307, 3)]
    [InlineData('€', 80, 1)]
    [InlineData('€', 81, 2)]
    [InlineData('€', 153, 3)]
    [InlineData('ж', 70, 1)]
    [InlineData('ж', 71, 2)]
    [InlineData('ж', 135, 3)]
    public void Segments_are_counted(char letter, int length, int segments) =>
        Assert.Equal(segments, Segments.Count(new string(letter, length)));

    [GeneratedRegex("^SM[0-9a-f]{32}$")]
    private static partial Regex Sid();
}
