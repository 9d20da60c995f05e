using System.Net;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Recipients;

[Collection(SharedPostgres.Name)]
public sealed class RecipientsTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Recipient_is_made_replaced_shown_and_removed()
    {
        using var made = await PutAsync(
            "crud",
            """{"email":"a@example.com","phone":"+15005550006","locale":"de-CH","timeZone":"Europe/Zurich","attributes":{"n":1.50,"deep":[{}]}}"""
        );
        Assert.Equal((HttpStatusCode.Created, "/v1/recipients/crud"), (made.StatusCode, made.Headers.Location?.OriginalString));
        using var replaced = await PutAsync("crud", """{"phone":"+15005550007"}""");
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);

        using var shown = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/crud");
        var view = await ApiHost.JsonAsync(shown);
        Assert.Equal(("crud", "+15005550007"), (view.GetProperty("id").GetString(), view.GetProperty("phone").GetString()));
        Assert.False(view.TryGetProperty("email", out _));
        Assert.Equal(0, view.GetProperty("devices").GetArrayLength());

        using var deleted = await fixture.Api.SendAsync(HttpMethod.Delete, "/v1/recipients/crud");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var again = await fixture.Api.SendAsync(HttpMethod.Delete, "/v1/recipients/crud");
        await ApiFixture.AssertProblemAsync(again, 404, "not-found");
        using var gone = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/crud");
        await ApiFixture.AssertProblemAsync(gone, 404, "not-found");
    }

    [Theory]
    [InlineData("""{"email":"nobody"}""", 422, "invalid", "email")]
    [InlineData("""{"phone":"0123"}""", 422, "invalid", "phone")]
    [InlineData("""{"timeZone":"+01:00"}""", 422, "invalid", "timeZone")]
    [InlineData("""{"locale":"abcdefgh-abcdefgh-abcdefgh-abcdefgh-a"}""", 422, "invalid", "locale")]
    [InlineData("""{"attributes":[1]}""", 422, "invalid", "attributes")]
    [InlineData("""{"attributes":{"half":"\ud800"}}""", 422, "invalid", "attributes")]
    [InlineData("""{"attributes":{"large":1e200000}}""", 422, "invalid", "attributes")]
    [InlineData("""{"attributes":{"nul":"\u0000"}}""", 422, "invalid", "attributes")]
    [InlineData("""{"attributes":{"deep":[{"nul":"a\u0000"}]}}""", 422, "invalid", "attributes")]
    [InlineData("""{"attributes":{"a":1e131071}}""", 422, "invalid", "attributes")]
    [InlineData("""{"attributes":{"a":1e-99999999999999}}""", 422, "invalid", "attributes")]
    [InlineData("""{"attributes":{"a":1,"a":1}}""", 400, "malformed", "attributes.a")]
    [InlineData("""{"mail":"a@example.com"}""", 400, "malformed", "mail")]
    [InlineData("""{"email":7}""", 400, "malformed", "email")]
    [InlineData("""{"email":""", 400, "malformed", null)]
    public async Task Bad_recipient_is_a_problem_that_names_the_field(string body, int status, string type, string? field)
    {
        using var response = await PutAsync("bad", body);
        var problem = await ApiFixture.AssertProblemAsync(response, status, type, field);
        if (field is not null)
            Assert.StartsWith($"{field}: ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"\\u0000"}""")] // an escaped backslash, and five letters
    [InlineData("""{"a":"\ud83d\ude00","n":1e308,"m":-1.5E-300}""")]
    public async Task Attributes_that_can_be_kept_are_kept(string attributes)
    {
        using var made = await PutAsync($"kept-{Guid.NewGuid()}", $$"""{"attributes":{{attributes}}}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    [Fact]
    public async Task Numbers_count_with_all_their_digits()
    {
        using var refused = await PutAsync(
            "numbers",
            $$$"""{"attributes":{"a":[{{{string.Join(',', Enumerable.Repeat("1e300", 60))}}}]}}"""
        );
        await ApiFixture.AssertProblemAsync(refused, 422, "invalid", "attributes", "too_long");
        using var kept = await PutAsync("numbers", $$$"""{"attributes":{"a":[{{{string.Join(',', Enumerable.Repeat("1e300", 50))}}}]}}""");
        Assert.Equal(HttpStatusCode.Created, kept.StatusCode);
    }

    [Fact]
    public async Task Recipient_has_at_most_64_kb_and_an_id_of_at_most_128_characters()
    {
        using var large = await PutAsync("large", $"{{{new string(' ', 65_536)}}}");
        await ApiFixture.AssertProblemAsync(large, 413, "too-large");
        using var longId = await PutAsync(new string('u', 129), "{}");
        await ApiFixture.AssertProblemAsync(longId, 422, "invalid", "id");
    }

    [Fact]
    public async Task Ids_are_those_of_the_tenant()
    {
        using var mine = await PutAsync("shared", """{"email":"mine@example.com"}""");
        using var unseen = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/shared", key: ApiHost.OtherKey);
        await ApiFixture.AssertProblemAsync(unseen, 404, "not-found");
        using var kept = await fixture.Api.SendAsync(HttpMethod.Delete, "/v1/recipients/shared", key: ApiHost.OtherKey);
        await ApiFixture.AssertProblemAsync(kept, 404, "not-found");
        using var device = await fixture.Api.SendAsync(
            HttpMethod.Put,
            "/v1/recipients/shared/devices/d",
            """{"token":"t-shared","platform":"fcm"}""",
            key: ApiHost.OtherKey
        );
        await ApiFixture.AssertProblemAsync(device, 404, "not-found");
        using var theirs = await fixture.Api.SendAsync(HttpMethod.Put, "/v1/recipients/shared", "{}", key: ApiHost.OtherKey);
        Assert.Equal(HttpStatusCode.Created, theirs.StatusCode);
        using var still = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/shared");
        Assert.Equal("mine@example.com", (await ApiHost.JsonAsync(still)).GetProperty("email").GetString());
    }

    [Fact]
    public async Task Writers_at_once_all_succeed_and_one_makes_it()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PutAsync("race", $$$"""{"attributes":{"i":{{{i}}}}}""")));
        Assert.Equal(1, responses.Count(response => response.StatusCode == HttpStatusCode.Created));
        Assert.Equal(19, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Array.ForEach(responses, response => response.Dispose());
    }

    [Fact]
    public async Task Device_is_registered_shown_without_its_token_and_removed()
    {
        using var owner = await PutAsync("owner", "{}");
        using var made = await DeviceAsync(
            "owner",
            "d1",
            """{"token":"t-owner-secret","platform":"apns","app":"com.example","environment":"sandbox"}"""
        );
        Assert.Equal((HttpStatusCode.Created, "/v1/recipients/owner/devices/d1"), (made.StatusCode, made.Headers.Location?.OriginalString));
        using var replaced = await DeviceAsync(
            "owner",
            "d1",
            """{"token":"t-owner-secret","platform":"apns","app":"com.example","environment":"sandbox"}"""
        );
        Assert.Equal((HttpStatusCode.OK, null), (replaced.StatusCode, replaced.Headers.Location));
        using var one = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/owner/devices/d1");
        using var whole = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/owner");
        foreach (var response in new[] { made, one, whole })
            Assert.DoesNotContain(
                "secret",
                await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        Assert.Equal("active", (await ApiHost.JsonAsync(whole)).GetProperty("devices")[0].GetProperty("state").GetString());

        using var deleted = await fixture.Api.SendAsync(HttpMethod.Delete, "/v1/recipients/owner/devices/d1");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/owner/devices/d1");
        await ApiFixture.AssertProblemAsync(gone, 404, "not-found");
    }

    [Fact]
    public async Task Token_belongs_to_whoever_registered_it_last()
    {
        using var a = await PutAsync("from", "{}");
        using var b = await PutAsync("to", "{}");
        using var first = await DeviceAsync("from", "d1", """{"token":"t-moving","platform":"fcm"}""");
        using var moved = await DeviceAsync("to", "d9", """{"token":"t-moving","platform":"fcm"}""");
        Assert.Equal(HttpStatusCode.Created, moved.StatusCode);
        Assert.Equal(
            ["to d9"],
            await fixture.Database.ListAsync("SELECT recipient_id || ' ' || device_id FROM devices WHERE token = 't-moving'")
        );

        var race = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => DeviceAsync(i % 2 == 0 ? "from" : "to", "d1", """{"token":"t-moving","platform":"fcm"}"""))
        );
        // Not found: the next one took it before the answer was read.
        Assert.All(race, response =>
            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NotFound })
        );
        Assert.Single(await fixture.Database.ListAsync("SELECT device_id FROM devices WHERE token = 't-moving'"));
        Array.ForEach(race, response => response.Dispose());
    }

    [Fact]
    public async Task Disabled_device_is_active_again_when_registered()
    {
        using var owner = await PutAsync("phoenix", "{}");
        using var first = await DeviceAsync("phoenix", "d1", """{"token":"t-phoenix","platform":"fcm"}""");
        await fixture.Database.ExecuteAsync(
            "UPDATE devices SET state = 'disabled', disabled_at = now(), disabled_reason = 'UNREGISTERED' WHERE recipient_id = 'phoenix'"
        );
        using var again = await DeviceAsync("phoenix", "d1", """{"token":"t-phoenix","platform":"fcm"}""");
        var view = await ApiHost.JsonAsync(again);
        Assert.Equal("active", view.GetProperty("state").GetString());
        Assert.False(view.TryGetProperty("disabledReason", out _));
    }

    [Theory]
    [InlineData("{}", 422, "invalid", "token")]
    [InlineData("""{"token":"t","platform":"ios"}""", 422, "invalid", "platform")]
    [InlineData("""{"token":"t t","platform":"fcm"}""", 422, "invalid", "token")]
    [InlineData("""{"token":"t","platform":"fcm","kind":1}""", 400, "malformed", "kind")]
    public async Task Bad_device_is_a_problem(string body, int status, string type, string field)
    {
        using var response = await DeviceAsync("nobody", "d1", body);
        await ApiFixture.AssertProblemAsync(response, status, type, field);
    }

    [Fact]
    public async Task Device_of_an_unknown_recipient_is_not_found()
    {
        using var response = await DeviceAsync("nobody", "d1", """{"token":"t-nobody","platform":"fcm"}""");
        await ApiFixture.AssertProblemAsync(response, 404, "not-found");
    }

    private Task<HttpResponseMessage> PutAsync(string id, string body) =>
        fixture.Api.SendAsync(HttpMethod.Put, $"/v1/recipients/{id}", body);

    private Task<HttpResponseMessage> DeviceAsync(string id, string device, string body) =>
        fixture.Api.SendAsync(HttpMethod.Put, $"/v1/recipients/{id}/devices/{device}", body);
}
