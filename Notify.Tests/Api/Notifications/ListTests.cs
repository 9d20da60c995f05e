using System.Text.Json;
using Notify.Core.Deliveries;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Notifications;

[Collection(SharedPostgres.Name)]
public sealed class ListTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Notifications_of_the_tenant_come_newest_first_page_by_page()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
            ids.Add(await NotificationOfAsync(await AddAsync("lister", "sent")));
        await fixture.Database.AddDeliveryAsync("sent", tenant: "other");

        var (listed, pages) = await ReadAllAsync("/v1/notifications?limit=2&from=2020-01-01T00:00:00Z");

        Assert.Equal(NewestFirst(ids), listed.Select(IdOf).Where(ids.Contains));
        Assert.True(pages >= 3);
        Assert.All(listed, item => Assert.False(item.TryGetProperty("deliveries", out _)));
        Assert.DoesNotContain(
            await fixture.Database.ScalarAsync<Guid>("SELECT notification_id FROM notifications WHERE tenant_id = 'other'"),
            listed.Select(IdOf)
        );
    }

    [Fact]
    public async Task Recipients_notifications_are_narrowed_by_state_channel_and_time()
    {
        var sent = await NotificationOfAsync(await AddAsync("ada", "sent"));
        var failed = await NotificationOfAsync(await AddAsync("ada", "failed"));
        var mailedKey = await AddAsync("ada", "failed");
        var mailed = await NotificationOfAsync(mailedKey);
        await fixture.Database.ExecuteAsync(
            $"UPDATE deliveries SET channel = 'email', code = '550 5.1.1' WHERE delivery_id = '{mailedKey.Id}'"
        );
        await AddAsync("grace", "failed");

        Assert.Equal(
            NewestFirst([sent, failed, mailed]),
            (await ReadAllAsync("/v1/notifications?recipient=ada&limit=1")).Items.Select(IdOf)
        );
        Assert.Equal(
            NewestFirst([failed, mailed]),
            (await ReadAllAsync("/v1/notifications?recipient=ada&state=failed")).Items.Select(IdOf)
        );
        var one = Assert.Single((await ReadAllAsync("/v1/notifications?recipient=ada&state=failed&channel=email")).Items);
        Assert.Equal("550 5.1.1", one.GetProperty("deliveries")[0].GetProperty("code").GetString());
        Assert.False(one.GetProperty("deliveries")[0].TryGetProperty("address", out _));
        Assert.Empty((await ReadAllAsync("/v1/notifications?recipient=ada&to=2020-01-01T00:00:00Z")).Items);
        Assert.Empty((await ReadAllAsync("/v1/notifications?recipient=ada", ApiHost.OtherKey)).Items);
    }

    [Fact]
    public async Task Recipient_has_a_list_of_its_own_also_after_it_was_removed()
    {
        var sent = await NotificationOfAsync(await AddAsync("lin/1", "sent"));
        var failed = await NotificationOfAsync(await AddAsync("lin/1", "failed"));
        await AddAsync("grace", "failed");

        Assert.Equal(NewestFirst([sent, failed]), (await ReadAllAsync("/v1/recipients/lin%2F1/notifications?limit=1")).Items.Select(IdOf));
        var one = Assert.Single((await ReadAllAsync("/v1/recipients/lin%2F1/notifications?state=failed&channel=sms")).Items);
        Assert.Equal("failed", one.GetProperty("deliveries")[0].GetProperty("state").GetString());
        Assert.Equal(2, (await ReadAllAsync("/v1/recipients/lin%2F1/notifications?from=0001-01-01T00:00:00Z")).Items.Count);
        Assert.Empty((await ReadAllAsync("/v1/recipients/nobody/notifications?limit=1")).Items);
        Assert.Empty((await ReadAllAsync("/v1/recipients/lin%2F1/notifications?limit=1", ApiHost.OtherKey)).Items);
        using var twice = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/lin%2F1/notifications?recipient=grace");
        Assert.Equal(400, (int)twice.StatusCode);
        using var unknown = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/recipients/lin%2F1/notifications?state=gone");
        Assert.Equal(422, (int)unknown.StatusCode);
    }

    [Fact]
    public async Task Rare_state_of_a_busy_recipient_is_found_behind_what_one_page_reads()
    {
        var rare = await AddAsync("busy", "failed");
        var (id, at) = (await NotificationOfAsync(rare), $"(SELECT accepted_at FROM deliveries WHERE delivery_id = '{rare.Id}')");
        await fixture.Database.ExecuteAsync(
            $"""
            INSERT INTO deliveries (tenant_id, accepted_at, delivery_id, notification_id, channel, lane, recipient_id, state, attempt, fence, at_most_once, expires_at)
            SELECT 'acme', {at} + interval '1 ms', (left('{rare.Id}', 24) || lpad(to_hex(n), 12, '0'))::uuid, gen_random_uuid(), 'sms', 'standard', 'busy', 'sent', 0, 0, false, now() FROM generate_series(1, 2500) AS n
            """
        );

        var (items, pages) = await ReadAllAsync("/v1/notifications?recipient=busy&state=failed");

        Assert.Equal([id], items.Select(IdOf));
        Assert.Equal(2, pages);
    }

    [Theory]
    [InlineData("state=failed", "state")]
    [InlineData("channel=email&from=2026-01-01", "channel")]
    public async Task Filter_without_an_index_is_refused_by_name(string query, string field)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/notifications?{query}");
        var problem = await ApiFixture.AssertProblemAsync(response, 400, "invalid", field, "no_index");
        Assert.StartsWith($"{field}: ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/notifications?recipient=%01", "recipient")]
    [InlineData("/v1/notifications?recipient=ada&state=gone", "state")]
    [InlineData("/v1/notifications?recipient=ada&channel=pigeon", "channel")]
    [InlineData("/v1/notifications?from=yesterday", "from")]
    [InlineData("/v1/notifications?from=2026-01-02&to=2026-01-01", "to")]
    [InlineData("/v1/notifications?limit=201", "limit")]
    [InlineData("/v1/notifications?cursor=abc", "cursor")]
    [InlineData("/v1/recipients?cursor=***", "cursor")]
    [InlineData("/v1/recipients?limit=0", "limit")]
    [InlineData("/v1/recipients?email=nobody", "email")]
    [InlineData("/v1/recipients?phone=+15005550006", "phone")] // a plus in a query is a space
    public async Task Bad_value_is_a_problem_that_names_it(string path, string field)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, path);
        await ApiFixture.AssertProblemAsync(response, 422, "invalid", field);
    }

    [Fact]
    public async Task Recipients_come_in_the_order_of_their_ids_with_their_devices()
    {
        foreach (var id in new[] { "list-c", "list-a", "list-ä/b", "list-b" })
        {
            using var put = await fixture.Api.SendAsync(
                HttpMethod.Put,
                $"/v1/recipients/{Uri.EscapeDataString(id)}",
                """{"email":"list@example.test","phone":"+15005550011"}"""
            );
            put.EnsureSuccessStatusCode();
        }
        using var device = await fixture.Api.SendAsync(
            HttpMethod.Put,
            "/v1/recipients/list-b/devices/d1",
            """{"token":"t-list-b","platform":"fcm"}"""
        );
        device.EnsureSuccessStatusCode();
        using var other = await fixture.Api.SendAsync(
            HttpMethod.Put,
            "/v1/recipients/list-z",
            """{"email":"list@example.test"}""",
            key: ApiHost.OtherKey
        );

        foreach (var query in new[] { "limit=1", "limit=1&email=list@example.test", "limit=3&phone=%2B15005550011" })
        {
            var listed = (await ReadAllAsync($"/v1/recipients?{query}"))
                .Items.Where(item => item.GetProperty("id").GetString()!.StartsWith("list-", StringComparison.Ordinal))
                .ToList();
            var order = await fixture.Database.ListAsync(
                "SELECT recipient_id FROM recipients WHERE tenant_id = 'acme' AND recipient_id LIKE 'list-%' ORDER BY recipient_id"
            );
            Assert.Equal(order, listed.Select(item => item.GetProperty("id").GetString()));
            Assert.Equal(4, order.Count);
            Assert.Equal(
                "d1",
                listed
                    .Single(item => item.GetProperty("id").GetString() == "list-b")
                    .GetProperty("devices")[0]
                    .GetProperty("id")
                    .GetString()
            );
        }
    }

    private async Task<DeliveryKey> AddAsync(string recipient, string state)
    {
        var key = await fixture.Database.AddDeliveryAsync(state);
        await fixture.Database.ExecuteAsync($"UPDATE deliveries SET recipient_id = '{recipient}' WHERE delivery_id = '{key.Id}'");
        return key;
    }

    private async Task<(List<JsonElement> Items, int Pages)> ReadAllAsync(string path, string key = ApiHost.Key)
    {
        var (items, pages, next) = (new List<JsonElement>(), 0, (string?)null);
        do
        {
            using var response = await fixture.Api.SendAsync(HttpMethod.Get, next is null ? path : $"{path}&cursor={next}", key: key);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            var page = await ApiHost.JsonAsync(response);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
            pages++;
        } while (next is not null && pages < 1_000);
        return (items, pages);
    }

    /// <summary>Ids carry their time; of those of one millisecond the greater comes first.</summary>
    private static IEnumerable<Guid> NewestFirst(IEnumerable<Guid> ids) =>
        ids.OrderByDescending(id => id.ToString(), StringComparer.Ordinal);

    private static Guid IdOf(JsonElement item) => item.GetProperty("id").GetGuid();

    private Task<Guid> NotificationOfAsync(DeliveryKey key) =>
        fixture.Database.ScalarAsync<Guid>($"SELECT notification_id FROM deliveries WHERE delivery_id = '{key.Id}'");
}
