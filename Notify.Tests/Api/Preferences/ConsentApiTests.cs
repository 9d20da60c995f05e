using System.Net;
using Notify.Core.Deliveries;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Preferences;

/// <summary>Categories, settings, suppressions, and what a decision would be or was.</summary>
[Collection(SharedPostgres.Name)]
public sealed class ConsentApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Category_is_made_replaced_listed_and_removed()
    {
        using var made = await SendAsync(HttpMethod.Put, "/v1/categories/c.one", """{"title":{"en":"One"},"channels":["email"]}""");
        Assert.Equal((HttpStatusCode.Created, "/v1/categories/c.one"), (made.StatusCode, made.Headers.Location?.OriginalString));
        using var replaced = await SendAsync(
            HttpMethod.Put,
            "/v1/categories/c.one",
            """{"title":{"en":"One"},"type":"marketing","mode":"opt_in","ttl":60}"""
        );
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        using var shown = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/categories/c.one");
        Assert.Equal(
            """{"id":"c.one","title":{"en":"One"},"type":"marketing","mode":"opt_in","quietHours":"hold","guarantee":"at_least_once","ttl":60,"enabled":true}""",
            await TextAsync(shown)
        );
        using var all = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/categories");
        Assert.Contains((await ApiHost.JsonAsync(all)).GetProperty("items").EnumerateArray(), item =>
            item.GetProperty("id").GetString() == "c.one"
        );
        using var removed = await fixture.Api.SendAsync(HttpMethod.Delete, "/v1/categories/c.one");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/categories/c.one");
        await ApiFixture.AssertProblemAsync(gone, 404, "not-found");
        // Each change is seen by whoever holds categories in memory.
        Assert.True(await fixture.Database.ScalarAsync<long>("SELECT consent_version FROM tenants WHERE tenant_id = 'acme'") >= 3);
    }

    [Theory]
    [InlineData("c.bad", """{}""", "title")]
    [InlineData("C.Bad", """{"title":{"en":"T"}}""", "id")]
    [InlineData("c.bad", """{"title":{"en":"T"},"mode":"sometimes"}""", "mode")]
    [InlineData("c.bad", """{"title":{"en":"T"},"type":"marketing","mode":"required"}""", "mode")]
    [InlineData("c.bad", """{"title":{"en":"T"},"channels":["pigeon"]}""", "channels[0]")]
    public async Task Bad_category_is_a_problem_that_names_the_field(string id, string body, string field)
    {
        using var refused = await SendAsync(HttpMethod.Put, "/v1/categories/" + id, body);
        await ApiFixture.AssertProblemAsync(refused, 422, "invalid", field);
    }

    [Fact]
    public async Task Settings_are_put_and_read_and_need_a_zone()
    {
        using var refused = await SendAsync(HttpMethod.Put, "/v1/settings", """{"channels":{"sms":false}}""");
        await ApiFixture.AssertProblemAsync(refused, 422, "invalid", "timeZone", "required");
        using var put = await SendAsync(HttpMethod.Put, "/v1/settings", """{"timeZone":"europe/kiev","channels":{"sms":false}}""");
        const string Kept = """{"timeZone":"Europe/Kyiv","channels":{"sms":false},"strictCategories":false}""";
        Assert.Equal(Kept, await TextAsync(put));
        using var read = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/settings");
        Assert.Equal(Kept, await TextAsync(read));
        using var back = await SendAsync(HttpMethod.Put, "/v1/settings", """{"timeZone":"Europe/Berlin"}""");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Fact]
    public async Task Suppression_is_added_found_by_its_address_and_removed()
    {
        using var made = await SendAsync(
            HttpMethod.Post,
            "/v1/suppressions",
            """{"channel":"email","address":"sup@BÜCHER.example","scope":"category:news","cause":"complaint"}"""
        );
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var id = (await ApiHost.JsonAsync(made)).GetProperty("id").GetString();
        using var again = await SendAsync(
            HttpMethod.Post,
            "/v1/suppressions",
            """{"channel":"email","address":"sup@xn--bcher-kva.example","scope":"category:news"}"""
        );
        Assert.Equal((HttpStatusCode.OK, id), (again.StatusCode, (await ApiHost.JsonAsync(again)).GetProperty("id").GetString()));
        using var found = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/suppressions?channel=email&address=sup%40b%C3%BCcher.example");
        var item = Assert.Single((await ApiHost.JsonAsync(found)).GetProperty("items").EnumerateArray());
        Assert.Equal(("category:news", "manual"), (item.GetProperty("scope").GetString(), item.GetProperty("cause").GetString()));
        Assert.DoesNotContain(
            "sup@",
            await fixture.Database.ScalarAsync<string>("SELECT string_agg(s::text, ' ') FROM suppressions s"),
            StringComparison.Ordinal
        );
        using var removed = await fixture.Api.SendAsync(HttpMethod.Delete, "/v1/suppressions/" + id);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(
            ["suppression.added", "suppression.added", "suppression.removed"],
            await fixture.Database.ListAsync($"SELECT action FROM audit_log WHERE subject = '{id}' ORDER BY audit_id")
        );
    }

    [Theory]
    [InlineData("""{"channel":"email"}""", "address")]
    [InlineData("""{"channel":"email","address":"nobody"}""", "address")]
    [InlineData("""{"channel":"fax","address":"1"}""", "channel")]
    [InlineData("""{"channel":"sms","address":"+15005550006","scope":"news"}""", "scope")]
    [InlineData("""{"channel":"sms","address":"+15005550006","cause":"because"}""", "cause")]
    [InlineData("""{"channel":"sms","address":"+15005550006","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    public async Task Bad_suppression_is_a_problem_that_names_the_field(string body, string field)
    {
        using var refused = await SendAsync(HttpMethod.Post, "/v1/suppressions", body);
        await ApiFixture.AssertProblemAsync(refused, 422, "invalid", field);
    }

    [Fact]
    public async Task Suppressions_are_imported_line_by_line()
    {
        using var response = await fixture.Api.SendAsync(
            HttpMethod.Post,
            "/v1/suppressions/bulk",
            "{\"channel\":\"sms\",\"address\":\"+15005558801\"}\n{\"channel\":\"sms\",\"address\":\"5\"}\n\n{\"channel\":\"sms\",\"address\":\"+15005558801\",\"cause\":\"bounce\"}",
            contentType: "application/x-ndjson"
        );
        var lines = (await TextAsync(response)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["1 201", "2 422", "4 200"],
            lines.Select(line =>
                System.Text.Json.JsonElement.Parse(line) is var result ? $"{result.GetProperty("line")} {result.GetProperty("status")}" : ""
            )
        );
        Assert.Equal(
            ["bounce"],
            await fixture.Database.ListAsync(
                "SELECT cause FROM suppressions WHERE created_at > now() - interval '1 hour' AND channel = 'sms' AND cause IN ('bounce', 'import')"
            )
        );
    }

    [Fact]
    public async Task Suppression_takes_back_what_is_open_for_its_address()
    {
        var inline = await fixture.Database.AddDeliveryAsync("queued");
        var registered = await fixture.Database.AddDeliveryAsync("queued");
        var other = await fixture.Database.AddDeliveryAsync("queued");
        await fixture.Database.ExecuteAsync(
            $"""
            UPDATE deliveries SET recipient_id = NULL, address = '+15005557771' WHERE delivery_id = '{inline.Id}';
            INSERT INTO recipients (tenant_id, recipient_id, phone, created_at, updated_at) VALUES ('acme', 'owner', '+15005557771', now(), now());
            UPDATE deliveries SET recipient_id = 'owner', address = '+15005557771' WHERE delivery_id = '{registered.Id}';
            UPDATE deliveries SET recipient_id = NULL, address = '+15005557772' WHERE delivery_id = '{other.Id}'
            """
        );
        using var made = await SendAsync(
            HttpMethod.Post,
            "/v1/suppressions",
            """{"channel":"sms","address":"+15005557771","cause":"opt_out"}"""
        );
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(
            [$"{DeliveryReasons.Consent} 2", " 1"],
            await fixture.Database.ListAsync(
                $"SELECT concat(reason, ' ', count(*)) FROM deliveries WHERE delivery_id IN ('{inline.Id}', '{registered.Id}', '{other.Id}') GROUP BY reason ORDER BY reason"
            )
        );
    }

    [Fact]
    public async Task Simulation_shows_every_gate_and_writes_nothing()
    {
        using var category = await SendAsync(
            HttpMethod.Put,
            "/v1/categories/sim.shipping",
            """{"title":{"en":"T"},"channels":["email","sms"]}"""
        );
        using var person = await SendAsync(HttpMethod.Put, "/v1/recipients/sim", """{"email":"sim@example.test","phone":"+15005550006"}""");
        using var said = await SendAsync(
            HttpMethod.Put,
            "/v1/recipients/sim/preferences",
            """{"channels":{"sms":false},"quietHours":{"zone":"Europe/Berlin","windows":[{"from":"22:00","to":"07:00"}]}}"""
        );
        Assert.Equal(HttpStatusCode.OK, said.StatusCode);

        using var simulated = await SendAsync(
            HttpMethod.Post,
            "/v1/simulate",
            """{"at":"2026-11-30T22:30:00Z","notification":{"recipients":["sim"],"category":"sim.shipping","message":{"title":"On its way","body":"Tuesday"}}}"""
        );

        var deliveries = (await ApiHost.JsonAsync(simulated)).GetProperty("deliveries").EnumerateArray().ToList();
        Assert.Equal(
            ["email wait quiet_hours 2026-12-01T06:00:00Z", "sms skip preference "],
            deliveries.Select(delivery =>
                $"{delivery.GetProperty("channel")} {delivery.GetProperty("verdict")} {delivery.GetProperty("reason")} {(delivery.TryGetProperty("until", out var until) ? until.GetString() : "")}"
            )
        );
        Assert.Equal(
            """{"gate":"quiet_hours","verdict":"wait","layer":"recipient","window":"22:00-07:00","zone":"Europe/Berlin","until":"2026-12-01T06:00:00Z"}""",
            deliveries[0].GetProperty("gates").EnumerateArray().Last().GetRawText()
        );
        Assert.Equal(11, deliveries[0].GetProperty("gates").GetArrayLength());
        Assert.Equal(0L, await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE recipient_id = 'sim'"));

        using var bad = await SendAsync(HttpMethod.Post, "/v1/simulate", """{"notification":{"recipients":["sim"]}}""");
        await ApiFixture.AssertProblemAsync(bad, 422, "invalid", "notification.message");
        using var misspelt = await SendAsync(HttpMethod.Post, "/v1/simulate", """{"notification":{"recipents":["sim"]}}""");
        await ApiFixture.AssertProblemAsync(misspelt, 400, "malformed", "notification.recipents");
    }

    [Fact]
    public async Task Explanation_reads_what_the_row_keeps()
    {
        var key = await fixture.Database.AddDeliveryAsync("skipped");
        await fixture.Database.ExecuteAsync(
            $"UPDATE deliveries SET reason = 'preference', decision = '1;pn/ph=false' WHERE delivery_id = '{key.Id}'"
        );
        var notification = await fixture.Database.ScalarAsync<Guid>(
            $"SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}'"
        );
        using var explained = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/notifications/{notification}/explain");
        Assert.Equal(
            $$"""{"id":"{{notification}}","deliveries":[{"id":"{{key.Id}}","channel":"sms","recipientId":"u1","state":"skipped","reason":"preference","rulesVersion":1,"gates":[{"gate":"preference","verdict":"skip","value":"false","layer":"person channel"}]}]}""",
            await TextAsync(explained)
        );
        using var none = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/notifications/019aa685-7f35-7a0b-89f5-cbc50e3c3c4e/explain");
        await ApiFixture.AssertProblemAsync(none, 404, "not-found");
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body) => fixture.Api.SendAsync(method, path, body);

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
