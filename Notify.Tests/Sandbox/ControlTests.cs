using System.Net;
using System.Text.Json;
using Notify.Sandbox;

namespace Notify.Tests.Sandbox;

public sealed class ControlTests
{
    [Fact]
    public async Task List_is_newest_first_and_filtered()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        (await sandbox.SendSmsAsync(to: "+15005550001")).Dispose();
        (await sandbox.SendApnsAsync()).Dispose();
        (await sandbox.SendSmsAsync(to: "+15005550002")).Dispose();

        Assert.Equal([3, 2, 1], await SeqsAsync(sandbox, ""));
        Assert.Equal([3, 1], await SeqsAsync(sandbox, "channel=sms"));
        Assert.Equal([1], await SeqsAsync(sandbox, "to=%2B15005550001"));
        Assert.Equal([3], await SeqsAsync(sandbox, "after=2"));
        Assert.Equal([3, 2], await SeqsAsync(sandbox, "limit=2"));
        Assert.Equal([1], await SeqsAsync(sandbox, "before=2&limit=2"));
    }

    [Fact]
    public async Task Search_goes_over_all_that_is_kept_and_whole_texts()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        (await sandbox.SendSmsAsync(body: new string('x', 300) + " Needle")).Dispose();
        for (var i = 0; i < 600; i++)
            (await sandbox.SendSmsAsync(body: "Hay")).Dispose();
        (
            await sandbox.SendApnsAsync(
                payload: """{"aps":{"alert":{"title":"A needle too"}},"notify-delivery-id":"0192f0c1-2345-7abc-8def-0123456789ab"}"""
            )
        ).Dispose();

        Assert.Equal([602, 1], await SeqsAsync(sandbox, "find=nEEdle"));
        Assert.Equal([1], await SeqsAsync(sandbox, "find=needle&channel=sms"));
        Assert.Equal([1], await SeqsAsync(sandbox, "find=needle&before=602"));
        Assert.Equal([602], await SeqsAsync(sandbox, "find=needle&limit=1"));
        Assert.Equal([602], await SeqsAsync(sandbox, "find=0192f0c1-2345-7abc-8def-0123456789ab"));
        Assert.Empty(await SeqsAsync(sandbox, "find=thread"));
    }

    [Theory]
    [InlineData("channel=pigeon", "channel")]
    [InlineData("after=-1", "after")]
    [InlineData("before=0", "before")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    public async Task Bad_filter_is_refused_by_name(string query, string field)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.Http.GetAsync(
            new Uri("/sandbox/messages?" + query, UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await SandboxFixture.JsonAsync(response)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Ring_keeps_the_newest_and_counters_stay_exact()
    {
        await using var sandbox = await SandboxFixture.StartAsync("--Sandbox:Keep=3");
        for (var i = 0; i < 5; i++)
            (await sandbox.SendSmsAsync()).Dispose();

        Assert.Equal([5, 4, 3], await SeqsAsync(sandbox, ""));
        Assert.Equal(5, await sandbox.AcceptedAsync("twilio"));
        using var gone = await sandbox.Http.GetAsync(
            new Uri("/sandbox/messages/2", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Ids_accepted_more_than_once_are_listed()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var (once, twice) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var id in new[] { once, twice, twice })
            (await sandbox.SendApnsAsync(payload: $$"""{"aps":{},"notify-delivery-id":"{{id}}"}""")).Dispose();

        var duplicates = await sandbox.GetAsync("/sandbox/duplicates");

        Assert.Equal(1, duplicates.GetProperty("count").GetInt64());
        var duplicate = Assert.Single(duplicates.GetProperty("ids").EnumerateArray());
        Assert.Equal((twice, 2), (duplicate.GetProperty("id").GetGuid(), duplicate.GetProperty("accepted").GetInt32()));
    }

    [Fact]
    public async Task Ids_are_not_counted_where_switched_off()
    {
        await using var sandbox = await SandboxFixture.StartAsync("--Sandbox:CountIds=false");
        for (var i = 0; i < 2; i++)
            (await sandbox.SendApnsAsync(payload: """{"aps":{},"notify-delivery-id":"0192f0c1-7b3a-7000-8000-00000000abcd"}""")).Dispose();

        var duplicates = await sandbox.GetAsync("/sandbox/duplicates");

        Assert.Equal((false, 0L), (duplicates.GetProperty("enabled").GetBoolean(), duplicates.GetProperty("count").GetInt64()));
    }

    [Fact]
    public async Task Clear_forgets_messages_and_counters()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        for (var i = 0; i < 2; i++)
            (await sandbox.SendApnsAsync(payload: """{"aps":{},"notify-delivery-id":"0192f0c1-7b3a-7000-8000-00000000abcd"}""")).Dispose();

        using var response = await sandbox.Http.DeleteAsync(
            new Uri("/sandbox/messages", UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await SeqsAsync(sandbox, ""));
        Assert.Equal(0, await sandbox.AcceptedAsync("apns"));
        Assert.Equal(0, (await sandbox.GetAsync("/sandbox/duplicates")).GetProperty("count").GetInt64());
        (await sandbox.SendSmsAsync()).Dispose();
        Assert.Equal([3], await SeqsAsync(sandbox, ""));
    }

    [Fact]
    public async Task Stream_tells_of_each_arrival()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var stream = await sandbox.Http.GetStreamAsync(
            new Uri("/sandbox/stream", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        using var reader = new StreamReader(stream);
        Assert.Equal(": watching", await reader.ReadLineAsync(TestContext.Current.CancellationToken));

        (await sandbox.SendSmsAsync(body: "line one\nline two")).Dispose();
        (await sandbox.SendApnsAsync()).Dispose();

        Assert.Equal(("sms", 1L), await ArrivalAsync(reader));
        Assert.Equal(("push", 2L), await ArrivalAsync(reader));
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/page.js", "text/javascript")]
    public async Task Page_is_served_under_a_strict_policy(string path, string type)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        using var response = await sandbox.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(
            "default-src 'none'; script-src 'self';",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("http://0.0.0.0:5000")]
    [InlineData("http://*:5000")]
    [InlineData("http://example.test:5000")]
    [InlineData("https://localhost:5000")]
    public void Address_that_is_not_plain_loopback_is_refused(string url) =>
        Assert.Throws<InvalidOperationException>(() => SandboxListeners.Parse(url));

    private static async Task<(string?, long)> ArrivalAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                var message = JsonElement.Parse(line["data: ".Length..]);
                return (message.GetProperty("channel").GetString(), message.GetProperty("seq").GetInt64());
            }
        }

        return (null, 0);
    }

    private static async Task<List<long>> SeqsAsync(SandboxFixture sandbox, string query) =>
        [
            .. (await sandbox.GetAsync("/sandbox/messages?" + query))
                .EnumerateArray()
                .Select(message => message.GetProperty("seq").GetInt64()),
        ];
}
