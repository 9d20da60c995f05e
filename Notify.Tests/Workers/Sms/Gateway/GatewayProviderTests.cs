using System.Xml.Linq;
using Microsoft.AspNetCore.WebUtilities;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Tests.Workers.Sms.Gateway;

public sealed class GatewayProviderTests : HttpProviderContract
{
    private const string Awkward = "It's \"5 < 6\" & {id}; {\"a\":1}\n100% = ✓ 😀 \\ é";

    private protected override string Recipient => "15558675310";

    [Fact]
    public async Task Default_is_a_JSON_post_with_the_delivery_id()
    {
        await using var door = await GatewayDoor.OpenAsync();
        var message = GatewayDoor.Message(Awkward);

        var outcome = await door.SendAsync(message);

        Assert.Equal(Outcome.Sent(null, SmsSegments.Of(Awkward).Count), outcome);
        var request = Assert.Single(door.Stub.Requests);
        Assert.Equal(("POST", "/send", "application/json"), (request.Method, request.Path, request.Headers["Content-Type"]));
        Assert.Equal(
            (message.To, Awkward, message.DeliveryId.ToString("D")),
            (
                request.Json.GetProperty("to").GetString(),
                request.Json.GetProperty("text").GetString(),
                request.Json.GetProperty("id").GetString()
            )
        );
    }

    [Fact]
    public async Task Form_is_escaped_as_a_form()
    {
        await using var door = await GatewayDoor.OpenAsync(
            ("Method", "PUT"),
            ("ContentType", "application/x-www-form-urlencoded"),
            ("From", "A&B"),
            ("BodyTemplate", "dest={to}&msg={text}&src={from}&type=sms")
        );

        await door.SendAsync(GatewayDoor.Message(Awkward));

        var request = Assert.Single(door.Stub.Requests);
        var fields = QueryHelpers.ParseQuery(request.Body);
        Assert.Equal("PUT", request.Method);
        Assert.Equal(
            ("+15558675310", Awkward, "A&B", "sms"),
            (fields["dest"].ToString(), fields["msg"].ToString(), fields["src"].ToString(), fields["type"].ToString())
        );
    }

    [Fact]
    public async Task Xml_is_escaped_as_XML_and_loses_what_it_cannot_hold()
    {
        await using var door = await GatewayDoor.OpenAsync(
            ("ContentType", "text/xml; charset=utf-8"),
            ("BodyTemplate", """<sms to="{to}" short="{text}"><text>{text}</text></sms>""")
        );

        await door.SendAsync(GatewayDoor.Message(Awkward + "\0\u000b\ud83d"));

        var request = Assert.Single(door.Stub.Requests);
        var xml = XElement.Parse(request.Body);
        Assert.Equal("text/xml; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal(
            ("+15558675310", Awkward, Awkward),
            (xml.Attribute("to")!.Value, xml.Attribute("short")!.Value, xml.Element("text")!.Value)
        );
    }

    [Fact]
    public async Task Headers_are_sent_and_those_without_a_value_left_out()
    {
        await using var door = await GatewayDoor.OpenAsync(
            ("Headers:Authorization", "Basic s3cret"),
            ("Headers:X-Api-Key", "k3y"),
            ("Headers:X-Empty", "")
        );

        await door.SendAsync();

        var headers = door.Stub.Requests[0].Headers;
        Assert.Equal(("Basic s3cret", "k3y"), (headers["Authorization"], headers["X-Api-Key"]));
        Assert.False(headers.ContainsKey("X-Empty"));
    }

    [Theory]
    [InlineData("messages.0.id", "4711")]
    [InlineData("header:X-Id", "in-header")]
    [InlineData("header:X-Other", null)]
    [InlineData("messages.1.id", null)]
    [InlineData("messages", null)]
    [InlineData("messages.0.id.more", null)]
    public async Task Id_is_found_where_the_path_leads(string path, string? id)
    {
        await using var door = await GatewayDoor.OpenAsync(("MessageIdPath", path));

        Assert.Equal(Outcome.Sent(id, 1), await door.SendAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("""{"id":"two words"}""")]
    [InlineData("""["id"]""")]
    public async Task Answer_without_a_usable_id_is_accepted_all_the_same(string body)
    {
        await using var door = await GatewayDoor.OpenAsync(("MessageIdPath", "id"));
        door.Stub.Answers(new StubAnswer(200, body));

        Assert.Equal(Outcome.Sent(null, 1), await door.SendAsync());
    }

    [Fact]
    public async Task Silence_after_sending_is_ambiguous()
    {
        await using var door = await GatewayDoor.OpenAsync(("Timeout", "00:00:01"));
        _ = door.Stub.FallSilent();

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Ambiguous, "timeout"), (outcome.Kind, outcome.Code));
        Assert.Single(door.Stub.Requests);
    }

    [Fact]
    public async Task Credential_is_the_host_without_the_path()
    {
        await using var door = await GatewayDoor.OpenAsync(
            ("Url", "https://sms.example.test/s3cret/send?key=s3cret"),
            ("MessagesPerSecond", "2.5")
        );

        Assert.Equal(
            ("gateway", "sms.example.test", new RateLimit(2.5, 3)),
            (door.Provider.Name, door.Provider.Credential, door.Provider.Limit)
        );
    }

    private protected override async Task<IProviderDoor> OpenAsync(Uri? elsewhere = null) =>
        elsewhere is null ? await GatewayDoor.OpenAsync() : await GatewayDoor.OpenAsync(("Url", elsewhere.AbsoluteUri));
}
