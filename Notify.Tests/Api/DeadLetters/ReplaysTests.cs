using System.Text.Json;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.DeadLetters;

[Collection(SharedPostgres.Name)]
public sealed class ReplaysTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Path = "/v1/dead-letters/replays";

    [Fact]
    public async Task Replay_is_ordered_stopped_resumed_and_written_down()
    {
        using var ordered = await fixture.Api.SendAsync(
            HttpMethod.Post,
            Path,
            """{"filter":{"provider":"twilio","from":"2026-01-01T00:00:00Z"},"ratePerSecond":7}""",
            "ntf_manage"
        );
        Assert.Equal(202, (int)ordered.StatusCode);
        var replay = await ApiHost.JsonAsync(ordered);
        var id = replay.GetProperty("id").GetString();
        Assert.Equal($"{Path}/{id}", ordered.Headers.Location?.ToString());
        Assert.Equal(
            ("running", 7, false, "ntf_manage"),
            (
                replay.GetProperty("state").GetString(),
                replay.GetProperty("ratePerSecond").GetInt32(),
                replay.GetProperty("includeAmbiguous").GetBoolean(),
                replay.GetProperty("createdBy").GetString()
            )
        );
        Assert.Equal("twilio", replay.GetProperty("selection").GetProperty("filter").GetProperty("provider").GetString());

        foreach (var (verb, state) in new[] { ("resume", "running"), ("stop", "stopped"), ("stop", "stopped"), ("resume", "running") })
        {
            using var changed = await fixture.Api.SendAsync(HttpMethod.Post, $"{Path}/{id}/{verb}");
            Assert.Equal(state, (await ApiHost.JsonAsync(changed)).GetProperty("state").GetString());
        }
        await fixture.Database.ExecuteAsync($"UPDATE replays SET state = 'done' WHERE replay_id = '{id}'");
        foreach (var verb in new[] { "stop", "resume" })
        {
            using var unchanged = await fixture.Api.SendAsync(HttpMethod.Post, $"{Path}/{id}/{verb}");
            Assert.Equal("done", (await ApiHost.JsonAsync(unchanged)).GetProperty("state").GetString());
        }

        using var audit = await fixture.Api.SendAsync(HttpMethod.Get, $"/v1/audit?subject={id}");
        var entries = (await ApiHost.JsonAsync(audit)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(
            ["replay.created", "replay.resumed", "replay.stopped"],
            entries.Select(entry => entry.GetProperty("action").GetString()).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            7,
            entries
                .Single(entry => entry.GetProperty("action").GetString() == "replay.created")
                .GetProperty("details")
                .GetProperty("ratePerSecond")
                .GetInt32()
        );
    }

    [Fact]
    public async Task Replays_and_audit_are_paged_and_those_of_the_tenant()
    {
        for (var i = 0; i < 3; i++)
        {
            using var ordered = await fixture.Api.SendAsync(
                HttpMethod.Post,
                Path,
                """{"fingerprint":"00ff00ff00ff00ff"}""",
                ApiHost.OtherKey
            );
            Assert.Equal(100, (await ApiHost.JsonAsync(ordered)).GetProperty("ratePerSecond").GetInt32());
        }
        foreach (var path in new[] { Path, "/v1/audit" })
        {
            using var first = await fixture.Api.SendAsync(HttpMethod.Get, path + "?limit=2", key: ApiHost.OtherKey);
            var page = await ApiHost.JsonAsync(first);
            Assert.Equal(2, page.GetProperty("items").GetArrayLength());
            using var second = await fixture.Api.SendAsync(
                HttpMethod.Get,
                $"{path}?limit=2&after={page.GetProperty("next").GetString()}",
                key: ApiHost.OtherKey
            );
            var last = await ApiHost.JsonAsync(second);
            Assert.Equal(1, last.GetProperty("items").GetArrayLength());
            Assert.False(last.TryGetProperty("next", out _));
            using var foreign = await fixture.Api.SendAsync(HttpMethod.Get, $"{path}?limit=200");
            var ids = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString());
            Assert.Empty(
                ids.Intersect(
                    (await ApiHost.JsonAsync(foreign))
                        .GetProperty("items")
                        .EnumerateArray()
                        .Select(item => item.GetProperty("id").GetString())
                )
            );
        }
    }

    [Fact]
    public async Task Letters_of_another_tenant_cannot_be_replayed_by_id()
    {
        await fixture.Database.AddDeadAsync(1, code: "theirs", tenant: "other");
        await fixture.Database.AddDeadAsync(1, code: "ours");
        var theirs = await fixture.Database.ScalarAsync<Guid>("SELECT dead_letter_id FROM dead_letters WHERE code = 'theirs'");
        var ours = await fixture.Database.ScalarAsync<Guid>("SELECT dead_letter_id FROM dead_letters WHERE code = 'ours'");
        using var refused = await fixture.Api.SendAsync(HttpMethod.Post, Path, $$"""{"ids":["{{ours}}","{{theirs}}"]}""");
        await ApiFixture.AssertProblemAsync(refused, 422, "invalid", "ids[1]", "unknown");
        using var let = await fixture.Api.SendAsync(HttpMethod.Post, Path, $$"""{"ids":["{{ours}}"],"includeAmbiguous":true}""");
        Assert.Equal(202, (int)let.StatusCode);
    }

    [Theory]
    [InlineData("""{}""", 422, "invalid", "", "required")]
    [InlineData("""{"ids":[]}""", 422, "invalid", "ids", "required")]
    [InlineData("""{"ids":["x"]}""", 400, "malformed", "ids[0]", "wrong_type")]
    [InlineData(
        """{"ids":["019aa685-7f35-7a0b-89f5-cbc50e3c3c4e","019aa685-7f35-7a0b-89f5-cbc50e3c3c4e"]}""",
        422,
        "invalid",
        "ids",
        "repeated"
    )]
    [InlineData("""{"fingerprint":"a","filter":{"code":"b"}}""", 422, "invalid", "", "ambiguous")]
    [InlineData("""{"fingerprint":""}""", 422, "invalid", "fingerprint", "invalid")]
    [InlineData("""{"filter":{}}""", 422, "invalid", "filter", "required")]
    [InlineData("""{"filter":{"kind":"x"}}""", 422, "invalid", "filter.kind", "unknown")]
    [InlineData("""{"filter":{"povider":"x"}}""", 400, "malformed", "filter.povider", "unknown_field")]
    [InlineData("""{"filter":{"code":"\u0000"}}""", 422, "invalid", "filter.code", "invalid")]
    [InlineData("""{"fingerprint":"a","ratePerSecond":0}""", 422, "invalid", "ratePerSecond", "out_of_range")]
    [InlineData("""{"fingerprint":"a","ratePerSecond":10001}""", 422, "invalid", "ratePerSecond", "out_of_range")]
    public async Task Bad_order_is_a_problem_that_names_the_field(string body, int status, string type, string field, string rule)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Post, Path, body);
        await ApiFixture.AssertProblemAsync(response, status, type, field, rule);
    }

    [Fact]
    public async Task Too_many_ids_are_refused()
    {
        using var response = await fixture.Api.SendAsync(
            HttpMethod.Post,
            Path,
            JsonSerializer.Serialize(new { ids = Enumerable.Range(0, 1_001).Select(_ => Guid.NewGuid()) })
        );
        await ApiFixture.AssertProblemAsync(response, 422, "invalid", "ids", "too_many");
    }

    [Fact]
    public async Task Unknown_replay_is_not_found()
    {
        foreach (var (method, path) in new[] { ("GET", ""), ("POST", "/stop"), ("POST", "/resume") })
        {
            using var response = await fixture.Api.SendAsync(new(method), $"{Path}/{Guid.NewGuid()}{path}");
            await ApiFixture.AssertProblemAsync(response, 404, "not-found");
        }
    }
}
