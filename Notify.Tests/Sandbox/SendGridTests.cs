using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Notify.Tests.Sandbox;

public sealed class SendGridTests
{
    private const string Mail = """
        {"personalizations":[{"to":[{"email":"ada@example.test"}]}],"from":{"email":"from@example.test"},"subject":"Grüße",
         "content":[{"type":"text/plain","value":"Hello"},{"type":"text/html","value":"<p>Hello</p>"}],
         "custom_args":{"notify-delivery-id":"0192f0c1-7b3a-7000-8000-00000000abcd"}}
        """;

    [Fact]
    public async Task Accepted_mail_is_answered_with_its_id_and_kept()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await SendAsync(sandbox, Mail);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var message = await sandbox.SingleAsync();
        Assert.Equal(response.Headers.GetValues("X-Message-Id").Single(), message.GetProperty("providerId").GetString());
        Assert.Equal(
            ("email", "sendgrid", "ada@example.test", "from@example.test"),
            (Text("channel"), Text("provider"), Text("to"), Text("from"))
        );
        Assert.Equal(("Grüße", "Hello", "0192f0c1-7b3a-7000-8000-00000000abcd"), (Text("title"), Text("preview"), Text("deliveryId")));
        Assert.Equal("<p>Hello</p>", message.GetProperty("mail").GetProperty("html").GetString());
        Assert.DoesNotContain("SG.secret", message.GetRawText(), StringComparison.Ordinal);

        string? Text(string name) => message.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Mail_accepted_twice_is_a_duplicate()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        (await SendAsync(sandbox, Mail)).Dispose();
        (await SendAsync(sandbox, Mail)).Dispose();

        Assert.Equal(1, (await sandbox.GetAsync("/sandbox/duplicates")).GetProperty("count").GetInt64());
    }

    [Theory]
    [InlineData("no json", null)]
    [InlineData("""{"from":{"email":"a@b.test"}}""", "personalizations")]
    [InlineData("""{"personalizations":[{"to":[{"email":"nobody"}]}]}""", "personalizations.0.to.0.email")]
    [InlineData("""{"personalizations":[{"to":[{"email":"a@b.test"}]}]}""", "from.email")]
    [InlineData("""{"personalizations":[{"to":[{"email":"a@b.test"}]}],"from":{"email":"a@b.test"}}""", "subject")]
    [InlineData(
        """{"personalizations":[{"to":[{"email":"a@b.test"}]}],"from":{"email":"a@b.test"},"subject":"s","content":[{"type":"text/plain","value":""}]}""",
        "content"
    )]
    [InlineData(
        """{"personalizations":[{"to":[{"email":"a@b.test"}]}],"from":{"email":"a@b.test"},"subject":"s","content":[{"type":"text/html","value":"h"},{"type":"text/plain","value":"t"}]}""",
        "content"
    )]
    public async Task Invalid_mail_is_refused_by_the_name_of_its_field(string body, string? field)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await SendAsync(sandbox, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            field,
            Assert
                .Single((await SandboxFixture.JsonAsync(response)).GetProperty("errors").EnumerateArray())
                .GetProperty("field")
                .GetString()
        );
        Assert.Equal(0, await sandbox.AcceptedAsync("sendgrid"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Basic abc")]
    public async Task Request_without_a_key_is_refused(string? authorization)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await SendAsync(sandbox, Mail, authorization);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Mail_in_sandbox_mode_is_checked_only()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await SendAsync(sandbox, Mail.TrimEnd()[..^1] + ""","mail_settings":{"sandbox_mode":{"enable":true}}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await sandbox.AcceptedAsync("sendgrid"));
    }

    [Fact]
    public async Task It_misbehaves_as_asked()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.BehaveAsync(
            """[{"provider":"sendgrid","address":"ADA@example.test","status":429,"retryAfter":7,"times":1},{"provider":"sendgrid","drop":"afterRequest"}]"""
        );

        using var throttled = await SendAsync(sandbox, Mail);
        var dropped = await Record.ExceptionAsync(() => SendAsync(sandbox, Mail));

        Assert.Equal((HttpStatusCode.TooManyRequests, "7"), (throttled.StatusCode, throttled.Headers.RetryAfter!.ToString()));
        Assert.IsType<HttpRequestException>(dropped);
        Assert.False((await sandbox.SingleAsync()).GetProperty("answered").GetBoolean());
    }

    private static async Task<HttpResponseMessage> SendAsync(
        SandboxFixture sandbox,
        string body,
        string? authorization = "Bearer SG.secret"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/mail/send")
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await sandbox.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
