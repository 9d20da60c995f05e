using System.Diagnostics;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Tests.Workers.Email.SendGrid;

public sealed class SendGridProviderTests : HttpProviderContract
{
    private protected override string Recipient => "to@example.test";

    [Fact]
    public async Task Mail_is_written_as_SendGrid_wants_it()
    {
        await using var door = await SendGridDoor.OpenAsync();
        var message = SendGridDoor.Message(to: "ada@exämple.test", text: "It's \"me\"", html: "<p>Grüße & 1 < 2</p>");

        var outcome = await door.SendAsync(message);

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        var request = Assert.Single(door.Stub.Requests);
        Assert.Equal(("POST", "/v3/mail/send", "application/json"), (request.Method, request.Path, request.Headers["Content-Type"]));
        Assert.Equal(SendGridDoor.ApiKey, request.Bearer);
        var json = request.Json;
        var to = Assert.Single(Assert.Single(json.GetProperty("personalizations").EnumerateArray()).GetProperty("to").EnumerateArray());
        Assert.Equal("ada@xn--exmple-cua.test", to.GetProperty("email").GetString());
        Assert.Equal(
            ("from@example.test", "Nötify"),
            (json.GetProperty("from").GetProperty("email").GetString(), json.GetProperty("from").GetProperty("name").GetString())
        );
        Assert.Equal("Grüße", json.GetProperty("subject").GetString());
        Assert.Equal(
            [("text/plain", "It's \"me\""), ("text/html", "<p>Grüße & 1 < 2</p>")],
            json.GetProperty("content")
                .EnumerateArray()
                .Select(part => (part.GetProperty("type").GetString()!, part.GetProperty("value").GetString()!))
        );
        Assert.Equal("auto-generated", json.GetProperty("headers").GetProperty("Auto-Submitted").GetString());
        Assert.Equal($"<{message.DeliveryId:N}@example.test>", json.GetProperty("headers").GetProperty("Message-ID").GetString());
        Assert.Equal(message.DeliveryId.ToString("D"), json.GetProperty("custom_args").GetProperty("notify-delivery-id").GetString());
        Assert.False(json.TryGetProperty("mail_settings", out _));
    }

    [Theory]
    [InlineData("Hello", null, "text/plain Hello")]
    [InlineData(null, "<p>Hello</p>", "text/plain Hello|text/html <p>Hello</p>")]
    [InlineData("", "<p>Hello</p>", "text/plain Hello|text/html <p>Hello</p>")]
    public async Task Text_is_never_missing_and_no_part_is_empty(string? text, string? html, string parts)
    {
        await using var door = await SendGridDoor.OpenAsync();

        await door.SendAsync(SendGridDoor.Message(text: text, html: html));

        Assert.Equal(
            parts,
            string.Join(
                '|',
                door.Stub.Requests[0]
                    .Json.GetProperty("content")
                    .EnumerateArray()
                    .Select(part => $"{part.GetProperty("type").GetString()} {part.GetProperty("value").GetString()}")
            )
        );
    }

    [Fact]
    public async Task Accepted_mail_has_SendGrids_id()
    {
        await using var door = await SendGridDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(202, "", ("X-Message-Id", "Abc_123-x")), new StubAnswer(202));

        Assert.Equal(Outcome.Sent("Abc_123-x"), await door.SendAsync());
        Assert.Equal(Outcome.Sent(null), await door.SendAsync());
    }

    [Fact]
    public async Task Sandbox_mode_is_asked_for_and_its_answer_understood()
    {
        await using var door = await SendGridDoor.OpenAsync(("Email:SendGrid:SandboxMode", "true"));
        door.Stub.Answers(new StubAnswer(200));

        var outcome = await door.SendAsync();

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        Assert.True(door.Stub.Requests[0].Json.GetProperty("mail_settings").GetProperty("sandbox_mode").GetProperty("enable").GetBoolean());
    }

    [Theory]
    [InlineData("nobody", "Subject", "address")]
    [InlineData("a@example.test\r\nBcc: b@example.test", "Subject", "address")]
    [InlineData("a@example.test", "Subject\r\nBcc: b@example.test", "subject")]
    public async Task What_can_be_no_mail_is_refused_without_a_call(string to, string subject, string code)
    {
        await using var door = await SendGridDoor.OpenAsync();

        var outcome = await door.SendAsync(SendGridDoor.Message(to, subject));

        Assert.Equal((OutcomeKind.Permanent, code), (outcome.Kind, outcome.Code));
        Assert.Empty(door.Stub.Requests);
    }

    [Fact]
    public async Task Text_with_half_a_character_is_sent_all_the_same()
    {
        await using var door = await SendGridDoor.OpenAsync();

        var outcome = await door.SendAsync(SendGridDoor.Message(text: "half \ud83d of it"));

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        Assert.Equal("half \ufffd of it", door.Stub.Requests[0].Json.GetProperty("content")[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Silence_after_sending_is_ambiguous()
    {
        await using var door = await SendGridDoor.OpenAsync();
        var arrived = door.Stub.FallSilent();

        var sending = door.SendAsync();
        await arrived.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        door.Time.Advance(TimeSpan.FromSeconds(10));

        var outcome = await sending;
        Assert.Equal((OutcomeKind.Ambiguous, "timeout"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task No_trace_reaches_SendGrid()
    {
        await using var door = await SendGridDoor.OpenAsync();
        using var activity = new Activity("test").Start();

        await door.SendAsync();

        Assert.False(door.Stub.Requests[0].Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var door = await SendGridDoor.OpenAsync();
        door.Stub.Answers(new StubAnswer(307, "", ("Location", "/elsewhere")));

        var outcome = await door.SendAsync();

        Assert.Equal(OutcomeKind.Misconfigured, outcome.Kind);
        Assert.Single(door.Stub.Requests);
    }

    [Theory]
    [InlineData(SendGridDoor.ApiKey, "key-id")]
    [InlineData("some-other-form", "0af3c6e4")]
    public async Task Credential_tells_the_account_and_no_secret(string key, string credential)
    {
        await using var door = await SendGridDoor.OpenAsync(("Email:SendGrid:ApiKey", key));

        Assert.Equal(("sendgrid", credential.Length), (door.Provider.Name, door.Provider.Credential.Length));
        if (key == SendGridDoor.ApiKey)
            Assert.Equal(credential, door.Provider.Credential);
        Assert.DoesNotContain(door.Provider.Credential, "s3cret-part some-other-form", StringComparison.Ordinal);
    }

    private protected override async Task<IProviderDoor> OpenAsync(Uri? elsewhere = null) =>
        elsewhere is null
            ? await SendGridDoor.OpenAsync()
            : await SendGridDoor.OpenAsync(("Email:SendGrid:Endpoint", elsewhere.AbsoluteUri));
}
