using System.Net;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Preferences;

[Collection(SharedPostgres.Name)]
public sealed class PreferencesTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Whole = """
        {"channels":{"sms":false},"categories":{"pref.shipping":{"channels":{"sms":true}},"pref.news":false},
         "quietHours":{"zone":"Europe/Kiev","windows":[{"days":["sun","mon"],"from":"22:00","to":"07:00"}]},"mutedUntil":"2026-12-01T09:00:00+01:00"}
        """;

    private const string Kept =
        """{"channels":{"sms":false},"categories":{"pref.news":{"enabled":false},"pref.shipping":{"channels":{"sms":true}}},"quietHours":{"zone":"Europe/Kyiv","windows":[{"days":["mon","sun"],"from":"22:00","to":"07:00"}]},"mutedUntil":"2026-12-01T08:00:00Z"}""";

    [Fact]
    public async Task Preferences_are_put_patched_read_and_logged()
    {
        await MakeAsync("whole");
        using var nothing = await fixture.Api.SendAsync(HttpMethod.Get, PathOf("whole"));
        Assert.Equal(("{}", "\"0\""), (await TextAsync(nothing), nothing.Headers.ETag?.Tag));

        using var put = await PutAsync("whole", Whole);
        Assert.Equal((HttpStatusCode.OK, Kept), (put.StatusCode, await TextAsync(put)));
        using var read = await fixture.Api.SendAsync(HttpMethod.Get, PathOf("whole"));
        Assert.Equal((Kept, put.Headers.ETag?.Tag), (await TextAsync(read), read.Headers.ETag?.Tag));
        using var same = await PutAsync("whole", Kept);
        Assert.Equal(put.Headers.ETag?.Tag, same.Headers.ETag?.Tag); // nothing changed, so nothing is logged

        using var patched = await SendAsync(
            HttpMethod.Patch,
            "whole",
            """{"mutedUntil":null,"quietHours":null,"categories":{"pref.news":true},"marketing":false}"""
        );
        Assert.Equal(
            """{"marketing":false,"channels":{"sms":false},"categories":{"pref.news":{"enabled":true},"pref.shipping":{"channels":{"sms":true}}}}""",
            await TextAsync(patched)
        );

        using var logged = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/whole/consent-log");
        Assert.Equal("", logged.IsSuccessStatusCode ? "" : await TextAsync(logged));
        var entries = (await ApiHost.JsonAsync(logged)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, entries.Count);
        Assert.Equal(("key", false), (entries[1].GetProperty("via").GetString(), entries[1].TryGetProperty("before", out _)));
        Assert.False(entries[0].GetProperty("before").TryGetProperty("marketing", out _));
        Assert.False(entries[0].GetProperty("after").GetProperty("marketing").GetBoolean());
    }

    [Fact]
    public async Task Stale_change_is_refused_and_changes_nothing()
    {
        await MakeAsync("stale");
        using var first = await PutAsync("stale", """{"channels":{"sms":false}}""", "\"0\"");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        foreach (var tag in new[] { "\"0\"", "nonsense", "W/\"0\"" })
        {
            using var stale = await PutAsync("stale", "{}", tag);
            await ApiFixture.AssertProblemAsync(stale, 412, "stale", "If-Match");
            Assert.Equal(first.Headers.ETag?.Tag, stale.Headers.ETag?.Tag);
        }
        foreach (var tag in new[] { first.Headers.ETag!.Tag, "*", null })
        {
            using var taken = await PutAsync(
                "stale",
                $$$"""{"channels":{"sms":false,"push":{{{(tag == "*" ? "true" : "false")}}}}}""",
                tag
            );
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"quietHours":{"zone":"EST","windows":[{"from":"22:00","to":"07:00"}]}}""", 422, "invalid", "quietHours.zone")]
    [InlineData("""{"quietHours":{"zone":"+02:00","windows":[{"from":"22:00","to":"07:00"}]}}""", 422, "invalid", "quietHours.zone")]
    [InlineData("""{"quietHours":{"zone":"","windows":[{"from":"22:00","to":"07:00"}]}}""", 422, "invalid", "quietHours.zone")]
    [InlineData("""{"quietHours":{"windows":[{"from":"22:00","to":"07:00"}]}}""", 422, "invalid", "quietHours.zone")]
    [InlineData(
        """{"quietHours":{"zone":"Europe/Berlin","windows":[{"from":"22:00","to":"22:00"}]}}""",
        422,
        "invalid",
        "quietHours.windows[0].to"
    )]
    [InlineData(
        """{"quietHours":{"zone":"Europe/Berlin","windows":[{"from":"25:00","to":"07:00"}]}}""",
        422,
        "invalid",
        "quietHours.windows[0].from"
    )]
    [InlineData(
        """{"quietHours":{"zone":"Europe/Berlin","windows":[{"from":"00:00","to":"24:00"}]}}""",
        422,
        "invalid",
        "quietHours.windows"
    )]
    [InlineData("""{"categories":{"pref.misspelt":false}}""", 422, "invalid", "categories.pref.misspelt")]
    [InlineData("""{"channels":{"pigeon":false}}""", 422, "invalid", "channels.pigeon")]
    [InlineData("""{"channels":{"sms":"no"}}""", 400, "malformed", "channels.sms")]
    [InlineData("""{"chanels":{}}""", 400, "malformed", "chanels")]
    [InlineData("""{"mutedUntil":"tomorrow"}""", 422, "invalid", "mutedUntil")]
    public async Task Bad_preferences_are_a_problem_that_names_the_field(string body, int status, string type, string field)
    {
        await MakeAsync("bad");
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Patch })
        {
            using var refused = await SendAsync(method, "bad", body);
            await ApiFixture.AssertProblemAsync(refused, status, type, field);
        }
        using var read = await fixture.Api.SendAsync(HttpMethod.Get, PathOf("bad"));
        Assert.Equal("{}", await TextAsync(read)); // nothing half-written
    }

    [Fact]
    public async Task There_are_at_most_21_windows_64_kb_and_a_recipient()
    {
        await MakeAsync("bounds");
        var windows = string.Join(',', Enumerable.Range(0, 22).Select(i => $$"""{"from":"{{i:00}}:00","to":"{{i:00}}:30"}"""));
        using var many = await PutAsync("bounds", $$$"""{"quietHours":{"zone":"Europe/Berlin","windows":[{{{windows}}}]}}""");
        await ApiFixture.AssertProblemAsync(many, 422, "invalid", "quietHours.windows", "too_many");
        using var large = await PutAsync("bounds", $"{{{new string(' ', 65_536)}}}");
        await ApiFixture.AssertProblemAsync(large, 413, "too-large");
        using var nobody = await PutAsync("nobody", "{}");
        await ApiFixture.AssertProblemAsync(nobody, 404, "not-found");
    }

    [Fact]
    public async Task Word_about_a_category_that_is_gone_stays_and_stands_in_no_way()
    {
        await MakeAsync("gone");
        using var made = await fixture.Api.SendAsync(HttpMethod.Put, "/v1/categories/pref.gone", """{"title":{"en":"T"}}""");
        using var put = await PutAsync("gone", """{"categories":{"pref.gone":false}}""");
        using var removed = await fixture.Api.SendAsync(HttpMethod.Delete, "/v1/categories/pref.gone");
        using var patched = await SendAsync(HttpMethod.Patch, "gone", """{"channels":{"sms":false}}""");
        Assert.Equal("""{"channels":{"sms":false},"categories":{"pref.gone":{"enabled":false}}}""", await TextAsync(patched));
    }

    [Fact]
    public async Task Quiet_hours_without_a_zone_take_the_recipients()
    {
        using var made = await fixture.Api.SendAsync(HttpMethod.Put, "/v1/recipients/zoned", """{"timeZone":"Europe/Kiev"}""");
        Assert.Equal("Europe/Kyiv", (await ApiHost.JsonAsync(made)).GetProperty("timeZone").GetString());
        using var put = await PutAsync("zoned", """{"quietHours":{"deliverBetween":{"from":"09:00","to":"21:00"}}}""");
        Assert.Equal("""{"quietHours":{"deliverBetween":{"from":"09:00","to":"21:00"}}}""", await TextAsync(put));
    }

    private async Task MakeAsync(string id)
    {
        foreach (var category in new[] { "pref.shipping", "pref.news" })
        {
            using var made = await fixture.Api.SendAsync(HttpMethod.Put, "/v1/categories/" + category, """{"title":{"en":"T"}}""");
            Assert.True(made.IsSuccessStatusCode);
        }
        using var recipient = await fixture.Api.SendAsync(HttpMethod.Put, "/v1/recipients/" + id, "{}");
        Assert.True(recipient.IsSuccessStatusCode);
    }

    private Task<HttpResponseMessage> PutAsync(string id, string body, string? ifMatch = null) =>
        SendAsync(HttpMethod.Put, id, body, ifMatch);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string id, string body, string? ifMatch = null) =>
        fixture.Api.SendAsync(method, PathOf(id), body, ifMatch: ifMatch);

    private static string PathOf(string id) => $"/v1/recipients/{id}/preferences";

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
