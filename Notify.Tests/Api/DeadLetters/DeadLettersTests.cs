using System.Text.Json;
using Confluent.Kafka;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.DeadLetters;

[Collection(SharedPostgres.Name)]
public sealed class DeadLettersTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static int _offset;

    [Fact]
    public async Task Letters_are_listed_newest_first_page_by_page()
    {
        await fixture.Database.AddDeadAsync(7, code: "paged");
        var (seen, times, next) = (new List<string>(), new List<DateTimeOffset>(), "");
        do
        {
            var page = await GetAsync($"/v1/dead-letters?code=paged&limit=3{next}");
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                seen.Add(item.GetProperty("id").GetString()!);
                times.Add(item.GetProperty("createdAt").GetDateTimeOffset());
            }
            next = page.TryGetProperty("next", out var cursor) ? $"&after={cursor.GetString()}" : null;
        } while (next is not null);

        Assert.Equal(7, seen.Count);
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task Filters_narrow_the_list_to_the_callers_tenant()
    {
        await fixture.Database.AddDeadAsync(2, code: "narrow", provider: "p1");
        await fixture.Database.AddDeadAsync(1, code: "narrow", provider: "p2");
        await fixture.Database.AddDeadAsync(1, code: "narrow", provider: "p1", tenant: "other");
        var fingerprint = (await GetAsync("/v1/dead-letters?code=narrow&provider=p2"))
            .GetProperty("items")[0]
            .GetProperty("fingerprint")
            .GetString();

        foreach (
            var (query, expected) in new[]
            {
                ("", 3),
                ("&provider=p1", 2),
                ("&provider=p2&kind=delivery&channel=sms&cause=attempts_exhausted&state=open", 1),
                ($"&fingerprint={fingerprint}", 1),
                ("&kind=record", 0),
                ("&channel=push", 0),
                ("&state=replayed", 0),
                ("&from=2020-01-01T00:00:00Z", 3),
                ("&to=2020-01-01T00:00:00Z", 0),
            }
        )
            Assert.Equal(expected, (await GetAsync("/v1/dead-letters?code=narrow" + query)).GetProperty("items").GetArrayLength());
        Assert.Equal(1, (await GetAsync("/v1/dead-letters?code=narrow", ApiHost.OtherKey)).GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("kind=letter", "kind", "unknown")]
    [InlineData("channel=fax", "channel", "unknown")]
    [InlineData("state=lost", "state", "unknown")]
    [InlineData("from=yesterday", "from", "invalid")]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to", "invalid")]
    [InlineData("limit=0", "limit", "out_of_range")]
    [InlineData("limit=201", "limit", "out_of_range")]
    [InlineData("after=x", "after", "invalid")]
    [InlineData("code=%00", "code", "invalid")]
    [InlineData("unassigned=maybe", "unassigned", "unknown")]
    public async Task Bad_query_is_a_problem_that_names_the_parameter(string query, string field, string rule)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/dead-letters?" + query, key: "ntf_operate");
        await ApiFixture.AssertProblemAsync(response, 422, "invalid", field, rule);
    }

    [Fact]
    public async Task Groups_count_open_letters_by_fingerprint()
    {
        await fixture.Database.AddDeadAsync(3, code: "grouped");
        await fixture.Database.AddDeadAsync(1, code: "grouped", outcome: "ambiguous");
        await fixture.Database.AddDeadAsync(1, code: "replayed-before");
        await fixture.Database.ExecuteAsync("UPDATE dead_letters SET state = 'replayed' WHERE code = 'replayed-before'");

        var view = await GetAsync("/v1/dead-letters/groups");
        Assert.Equal((true, 10_000), (view.GetProperty("complete").GetBoolean(), view.GetProperty("bound").GetInt32()));
        var groups = view.GetProperty("groups").EnumerateArray().ToList();
        Assert.DoesNotContain(groups, group => CodeOf(group) == "replayed-before");
        var mine = Assert.Single(groups, group => CodeOf(group) == "grouped");
        Assert.Equal(
            (4, 1, "twilio", "sms"),
            (
                mine.GetProperty("count").GetInt32(),
                mine.GetProperty("ambiguous").GetInt32(),
                mine.GetProperty("provider").GetString(),
                mine.GetProperty("channel").GetString()
            )
        );
        Assert.True(mine.GetProperty("firstAt").GetDateTimeOffset() < mine.GetProperty("lastAt").GetDateTimeOffset());
        await GetAsync($"/v1/dead-letters/{mine.GetProperty("sample").GetString()}");
    }

    [Fact]
    public async Task Delivery_is_shown_with_every_call_and_without_its_address()
    {
        await fixture.Database.AddDeadAsync(1, code: "shown");
        var id = (await GetAsync("/v1/dead-letters?code=shown")).GetProperty("items")[0].GetProperty("id").GetString();
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/dead-letters/{id}");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("15005550006", text, StringComparison.Ordinal);
        var delivery = JsonElement.Parse(text).GetProperty("delivery");
        Assert.Equal("dead", delivery.GetProperty("state").GetString());
        Assert.Equal(
            ("transient", "shown"),
            (
                delivery.GetProperty("attempts")[0].GetProperty("outcome").GetString(),
                delivery.GetProperty("attempts")[0].GetProperty("code").GetString()
            )
        );

        using var value = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/dead-letters/{id}?include=value");
        await ApiFixture.AssertProblemAsync(value, 422, "invalid", "include", "not_allowed");
        using var foreign = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/dead-letters/{id}", key: ApiHost.OtherKey);
        await ApiFixture.AssertProblemAsync(foreign, 404, "not-found");
    }

    [Fact]
    public async Task Contents_of_a_record_are_shown_only_when_asked_for_and_that_is_written_down()
    {
        await KeepAsync("shown_record", new Headers().With("tenant", "acme").With("x-customer", "ada@example.test"));
        var id = (await GetAsync("/v1/dead-letters?cause=shown_record")).GetProperty("items")[0].GetProperty("id").GetString();

        using var response = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/dead-letters/{id}");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("ada@", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("secret"u8), text, StringComparison.Ordinal);
        var record = JsonElement.Parse(text).GetProperty("record");
        Assert.Equal((6, 3), (record.GetProperty("valueBytes").GetInt32(), record.GetProperty("keyBytes").GetInt32()));
        Assert.Equal(
            ["tenant=acme", "x-customer="],
            record
                .GetProperty("headers")
                .EnumerateArray()
                .Select(header =>
                    $"{header.GetProperty("name").GetString()}={(header.TryGetProperty("text", out var value) ? value.GetString() : "")}"
                )
                .Order(StringComparer.Ordinal)
        );
        Assert.Empty((await GetAsync($"/v1/audit?subject={id}")).GetProperty("items").EnumerateArray());

        var whole = (await GetAsync($"/v1/dead-letters/{id}?include=value", "ntf_manage")).GetProperty("record");
        Assert.Equal("secret"u8.ToArray(), whole.GetProperty("value").GetBytesFromBase64());
        Assert.Equal("key"u8.ToArray(), whole.GetProperty("key").GetBytesFromBase64());
        Assert.Contains(whole.GetProperty("headers").EnumerateArray(), header =>
            header.GetProperty("value").GetBytesFromBase64().AsSpan().SequenceEqual("ada@example.test"u8)
        );
        var entry = Assert.Single((await GetAsync($"/v1/audit?subject={id}")).GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("ntf_manage", "dead_letter.value_read"),
            (entry.GetProperty("actor").GetString(), entry.GetProperty("action").GetString())
        );
        using var unknown = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/dead-letters/{id}?include=all");
        await ApiFixture.AssertProblemAsync(unknown, 422, "invalid", "include", "unknown");
    }

    [Fact]
    public async Task What_belongs_to_no_tenant_is_seen_by_operators_alone()
    {
        await KeepAsync("of_nobody", new Headers().With("tenant", "ghost"));
        Assert.Empty((await GetAsync("/v1/dead-letters?cause=of_nobody", "ntf_operate")).GetProperty("items").EnumerateArray());
        var item = Assert.Single(
            (await GetAsync("/v1/dead-letters?cause=of_nobody&unassigned=true", "ntf_operate")).GetProperty("items").EnumerateArray()
        );
        var id = item.GetProperty("id").GetString();
        using var hidden = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/dead-letters/{id}", key: "ntf_operate");
        await ApiFixture.AssertProblemAsync(hidden, 404, "not-found");
        await GetAsync($"/v1/dead-letters/{id}?include=value&unassigned=true", "ntf_operate");
        var entry = Assert.Single(
            (await GetAsync($"/v1/audit?subject={id}&unassigned=true", "ntf_operate")).GetProperty("items").EnumerateArray()
        );
        Assert.Equal("acme/ntf_operate", entry.GetProperty("actor").GetString());
        Assert.Contains(
            (await GetAsync("/v1/dead-letters/groups?unassigned=true", "ntf_operate")).GetProperty("groups").EnumerateArray(),
            group => group.GetProperty("cause").GetString() == "of_nobody"
        );
    }

    private static string? CodeOf(JsonElement group) => group.TryGetProperty("code", out var code) ? code.GetString() : null;

    private Task KeepAsync(string cause, Headers headers) =>
        new DeadLetterStore(fixture.Database.Source, TimeProvider.System).KeepAsync(
            new ConsumedRecord(
                new()
                {
                    TopicPartitionOffset = new("notifications.standard", 0, Interlocked.Increment(ref _offset)),
                    Message = new()
                    {
                        Key = "key"u8.ToArray(),
                        Value = "secret"u8.ToArray(),
                        Headers = headers,
                    },
                }
            ),
            cause,
            TestContext.Current.CancellationToken
        );

    private async Task<JsonElement> GetAsync(string path, string key = ApiHost.Key)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, path, key: key);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await ApiHost.JsonAsync(response);
    }
}
