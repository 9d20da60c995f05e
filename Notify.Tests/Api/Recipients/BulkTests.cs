using System.Net;
using System.Text;
using System.Text.Json;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Recipients;

[Collection(SharedPostgres.Name)]
public sealed class BulkTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Each_line_is_answered_by_one_and_a_wrong_one_keeps_no_other_out()
    {
        var results = await PostAsync(
            """{"id":"b1","email":"b1@example.test","timeZone":"Europe/Kiev"}""",
            "",
            """{"id":"b2","phone":"0123"}""",
            """{"id":"b3","mail":"x"}""",
            "nonsense",
            """{"id":"b1","email":"b1b@example.test"}""",
            """{"phone":"+15005550006"}""",
            """{"id":"b4","attributes":{"n":1e200000}}""",
            """{"id":"b5","phone":"+15005550006"}"""
        );
        Assert.Equal(
            ["1 201 b1", "3 422 phone", "4 400 mail", "5 400 ", "6 200 b1", "7 422 id", "8 422 attributes", "9 201 b5"],
            results.Select(result =>
                $"{result.GetProperty("line")} {result.GetProperty("status")} {(result.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("field") : result.GetProperty("id"))}"
            )
        );
        Assert.Equal(
            ["b1 b1b@example.test ", "b5  +15005550006"],
            await fixture.Database.ListAsync(
                "SELECT concat(recipient_id, ' ', email, ' ', phone) FROM recipients WHERE recipient_id LIKE 'b_' ORDER BY 1"
            )
        );
    }

    [Fact]
    public async Task Ten_thousand_are_taken_and_no_more()
    {
        var results = await PostAsync([.. Enumerable.Range(0, 10_001).Select(i => $$"""{"id":"many-{{i}}"}""")]);
        Assert.Equal(10_001, results.Count);
        Assert.All(results[..10_000], result => Assert.Equal(201, result.GetProperty("status").GetInt32()));
        Assert.Equal((10_001, 413), (results[^1].GetProperty("line").GetInt32(), results[^1].GetProperty("status").GetInt32()));
        Assert.Equal(10_000L, await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM recipients WHERE recipient_id LIKE 'many-%'"));
    }

    [Fact]
    public async Task Line_that_is_too_long_is_passed_over()
    {
        var results = await PostAsync("""{"id":"before"}""", $"{{\"id\":\"{new string('x', 200_000)}\"}}", """{"id":"behind"}""");
        Assert.Equal([201, 413, 201], results.Select(result => result.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Body_says_that_it_is_lines()
    {
        using var refused = await fixture.Api.SendAsync(HttpMethod.Post, "/v1/recipients/bulk", "{}");
        await ApiFixture.AssertProblemAsync(refused, 415, "unsupported-media-type");
    }

    private async Task<List<JsonElement>> PostAsync(params string[] lines)
    {
        using var response = await fixture.Api.SendAsync(
            HttpMethod.Post,
            "/v1/recipients/bulk",
            string.Join('\n', lines),
            contentType: Lines
        );
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
