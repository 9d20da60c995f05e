using System.Diagnostics;
using System.Net;

namespace Notify.Tests.Sandbox;

public sealed class BehaviourTests
{
    private const string Push = """{"message":{"token":"device-1"}}""";

    [Fact]
    public async Task Fcm_refuses_with_code_status_and_wait()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""{"provider":"fcm","code":"QUOTA_EXCEEDED","retryAfter":7}""");

        using var response = await sandbox.SendFcmAsync(Push);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        var error = (await SandboxFixture.JsonAsync(response)).GetProperty("error");
        Assert.Equal(
            ("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"),
            (error.GetProperty("status").GetString(), error.GetProperty("details")[0].GetProperty("errorCode").GetString())
        );
        Assert.Equal(
            (0L, 1L),
            (
                await sandbox.AcceptedAsync("fcm"),
                (await sandbox.GetAsync("/sandbox/stats")).GetProperty("refused").GetProperty("fcm").GetInt64()
            )
        );
    }

    [Fact]
    public async Task Fcm_names_the_token_where_asked_to()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""{"provider":"fcm","code":"INVALID_ARGUMENT:message.token"}""");

        using var response = await sandbox.SendFcmAsync(Push);

        var details = (await SandboxFixture.JsonAsync(response)).GetProperty("error").GetProperty("details");
        Assert.Equal("message.token", details[1].GetProperty("fieldViolations")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Fcm_bad_gateway_is_a_page()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""{"provider":"fcm","status":502}""");

        using var response = await sandbox.SendFcmAsync(Push);

        Assert.Equal((HttpStatusCode.BadGateway, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Script_is_played_in_turn_and_word_for_word()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync(
            """
            [{"provider":"fcm","status":401,"body":{"error":{"status":"UNAUTHENTICATED"}},"times":1},
             {"provider":"fcm","status":503,"body":"<html>","times":2}]
            """
        );

        List<(int, string)> answers = [];
        for (var i = 0; i < 4; i++)
        {
            using var response = await sandbox.SendFcmAsync(Push);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            answers.Add(((int)response.StatusCode, response.IsSuccessStatusCode ? "" : body));
        }

        Assert.Equal([(401, """{"error":{"status":"UNAUTHENTICATED"}}"""), (503, "<html>"), (503, "<html>"), (200, "")], answers);
    }

    [Fact]
    public async Task Script_is_read_from_a_file_and_a_wrong_one_is_named()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("notify-script").FullName, "script.json");
        var cancel = TestContext.Current.CancellationToken;
        try
        {
            await File.WriteAllTextAsync(path, """[{"provider":"fcm","code":"UNREGISTERED","times":1}]""", cancel);
            await using var sandbox = await SandboxFixture.StartAsync($"--Sandbox:Script={path}");
            using var first = await sandbox.SendFcmAsync(Push);
            using var second = await sandbox.SendFcmAsync(Push);
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));

            await File.WriteAllTextAsync(path, """[{"provider":"fcm","status":1}]""", cancel);
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => SandboxFixture.StartAsync($"--Sandbox:Script={path}"));
            Assert.Contains("[0].status", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public async Task Behaviour_of_an_address_leaves_others_alone()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""{"provider":"twilio","address":"+15005550007","code":21610}""");

        using var refused = await sandbox.SendSmsAsync(to: "+15005550007");
        using var accepted = await sandbox.SendSmsAsync();

        Assert.Equal(21610, (await SandboxFixture.JsonAsync(refused)).GetProperty("code").GetInt32());
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
    }

    [Fact]
    public async Task Behaviour_ends_after_its_times()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""{"provider":"apns","status":410,"code":"Unregistered","times":2}""");

        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await sandbox.SendApnsAsync();
            statuses.Add((int)response.StatusCode);
            if (i == 0)
                Assert.True((await SandboxFixture.JsonAsync(response)).GetProperty("timestamp").GetInt64() > 1_000_000_000_000);
        }

        Assert.Equal([410, 410, 200, 200], statuses);
        Assert.Equal(2, (await sandbox.GetAsync("/sandbox/behaviours/apns"))[0].GetProperty("applied").GetInt64());
    }

    [Fact]
    public async Task Probability_of_none_never_applies()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""{"provider":"twilio","status":500,"probability":0}""");

        using var response = await sandbox.SendSmsAsync();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task Answer_comes_late_and_the_message_is_accepted_before()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""{"provider":"twilio","latencyMs":400}""");
        var watch = Stopwatch.StartNew();

        var sending = sandbox.SendSmsAsync();
        await SandboxFixture.UntilAsync(async () => await sandbox.AcceptedAsync("twilio") == 1);
        using var response = await sending;

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(watch.ElapsedMilliseconds >= 390); // a lower bound holds on any machine
    }

    [Theory]
    [InlineData("beforeRequest", 0)]
    [InlineData("afterRequest", 1)]
    public async Task Dropped_request_is_accepted_only_when_dropped_after(string drop, long accepted)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync(
            $$"""[{"provider":"twilio","drop":"{{drop}}"},{"provider":"apns","drop":"{{drop}}"},{"provider":"fcm","address":"device-1","drop":"{{drop}}"}]"""
        );

        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.SendSmsAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.SendApnsAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.SendFcmAsync(Push));

        Assert.Equal(
            (accepted, accepted, accepted),
            (await sandbox.AcceptedAsync("twilio"), await sandbox.AcceptedAsync("apns"), await sandbox.AcceptedAsync("fcm"))
        );
        Assert.All((await sandbox.GetAsync("/sandbox/messages")).EnumerateArray(), message =>
            Assert.False(message.GetProperty("answered").GetBoolean())
        );
    }

    [Fact]
    public async Task Token_endpoint_refuses_as_told()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""{"provider":"token","code":"invalid_grant"}""");

        using var response = await sandbox.AskForTokenAsync(Jwts.Google());

        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_grant"),
            (response.StatusCode, (await SandboxFixture.JsonAsync(response)).GetProperty("error").GetString())
        );
    }

    [Theory]
    [InlineData("connect", 421)]
    [InlineData("ehlo", 421)]
    [InlineData("auth", 535)]
    [InlineData("mail", 451)]
    [InlineData("rcpt", 550)]
    [InlineData("data", 554)]
    [InlineData("dot", 452)]
    public async Task Mail_is_refused_at_the_named_command(string at, int status)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync($$"""{"provider":"smtp","at":"{{at}}","status":{{status}},"code":"{{status / 100}}.1.1 As told"}""");
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort, greet: false);

        var reply = await smtp.ReplyAsync();
        foreach (
            var command in new[]
            {
                "EHLO me",
                "AUTH PLAIN AHUAcA==",
                "MAIL FROM:<a@example.test>",
                "RCPT TO:<b@example.test>",
                "DATA",
                "Subject: x\r\n\r\nbody\r\n.",
            }
        )
        {
            if (reply.Length == 0 || reply[0] is '4' or '5')
                break;
            reply = await smtp.CommandAsync(command);
        }

        Assert.Equal($"{status} {status / 100}.1.1 As told\n", reply);
        Assert.Equal(0, await sandbox.AcceptedAsync("smtp"));
    }

    [Theory]
    [InlineData("mail", "beforeRequest", 0)]
    [InlineData("rcpt", "afterRequest", 0)]
    [InlineData("dot", "beforeRequest", 0)]
    [InlineData("dot", "afterRequest", 1)]
    public async Task Mail_session_is_dropped_at_the_named_command(string at, string drop, long accepted)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync($$"""{"provider":"smtp","at":"{{at}}","drop":"{{drop}}"}""");
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        var reply = "";
        try
        {
            foreach (
                var command in new[] { "MAIL FROM:<a@example.test>", "RCPT TO:<b@example.test>", "DATA", "Subject: x\r\n\r\nbody\r\n." }
            )
                reply = await smtp.CommandAsync(command);
        }
        catch (IOException)
        {
            reply = ""; // written to a connection that is gone
        }

        Assert.Equal("", reply);
        Assert.Equal(accepted, await sandbox.AcceptedAsync("smtp"));
    }

    [Theory]
    [InlineData("""{"status":500}""", "provider")]
    [InlineData("""{"provider":"pigeon"}""", "provider")]
    [InlineData("""{"provider":"fcm","latencyMs":-1}""", "latencyMs")]
    [InlineData("""{"provider":"fcm","status":200}""", "status")]
    [InlineData("""{"provider":"smtp","status":250}""", "status")]
    [InlineData("""{"provider":"fcm"}""", "status")]
    [InlineData("""{"provider":"twilio","code":"many"}""", "code")]
    [InlineData("""{"provider":"fcm","status":429,"retryAfter":"soon"}""", "retryAfter")]
    [InlineData("""{"provider":"smtp","status":450,"retryAfter":1}""", "retryAfter")]
    [InlineData("""{"provider":"fcm","drop":"now"}""", "drop")]
    [InlineData("""{"provider":"fcm","drop":"afterRequest","status":500}""", "drop")]
    [InlineData("""{"provider":"fcm","status":500,"at":"rcpt"}""", "at")]
    [InlineData("""{"provider":"smtp","status":450,"at":"mail","address":"a@b.test"}""", "at")]
    [InlineData("""{"provider":"fcm","status":500,"probability":1.5}""", "probability")]
    [InlineData("""{"provider":"fcm","status":500,"times":0}""", "times")]
    [InlineData("""{"provider":"token","status":500,"address":"a"}""", "address")]
    [InlineData("""{"provider":"fcm","status":500,"colour":"red"}""", "colour")]
    [InlineData("""[{"provider":"fcm","status":500},{"provider":"fcm","status":1}]""", "[1].status")]
    [InlineData("{", "body")]
    public async Task Bad_behaviour_is_refused_by_the_name_of_its_field(string json, string field)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.PutAsync("/sandbox/behaviours", json);

        Assert.Equal(
            (HttpStatusCode.BadRequest, "application/problem+json"),
            (response.StatusCode, response.Content.Headers.ContentType?.MediaType)
        );
        Assert.True((await SandboxFixture.JsonAsync(response)).GetProperty("errors").TryGetProperty(field, out _));
        Assert.Equal(0, (await sandbox.GetAsync("/sandbox/behaviours")).GetArrayLength());
    }

    [Fact]
    public async Task Behaviours_are_taken_back_by_provider_and_address()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync("""[{"provider":"fcm","status":500},{"provider":"apns","status":500}]""");
        using var put = await sandbox.PutAsync("/sandbox/behaviours/fcm?address=device-1", """{"code":"UNREGISTERED"}""");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(3, (await sandbox.GetAsync("/sandbox/behaviours")).GetArrayLength());

        using var one = await sandbox.Http.DeleteAsync(
            new Uri("/sandbox/behaviours/fcm?address=device-1", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(2, (await sandbox.GetAsync("/sandbox/behaviours")).GetArrayLength());
        using var provider = await sandbox.Http.DeleteAsync(
            new Uri("/sandbox/behaviours/fcm", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            "apns",
            Assert.Single((await sandbox.GetAsync("/sandbox/behaviours")).EnumerateArray()).GetProperty("provider").GetString()
        );
        using var all = await sandbox.Http.DeleteAsync(
            new Uri("/sandbox/behaviours", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0, (await sandbox.GetAsync("/sandbox/behaviours")).GetArrayLength());
    }
}
