using System.Net;
using System.Text.Json;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Providers;

[Collection(SharedPostgres.Name)]
public sealed class ProvidersTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Providers_are_shown_as_the_workers_last_found_them()
    {
        await AddAsync("sms", "twilio", "AC1", "w1", "closed");
        await AddAsync("sms", "twilio", "AC1", "w2", "open", cause: "misconfigured 20003", until: "now() + interval '5 s'", paused: true);
        await AddAsync("sms", "twilio", "AC1", "w3", "open", cause: "misconfigured 20003", until: "now() + interval '50 s'", paused: true);
        await AddAsync("sms", "twilio", "AC1", "w4", "open", cause: "old", paused: true, reported: "now() - interval '20 s'");
        await AddAsync("email", "smtp", "mail.example.test", "w1", "throttled", until: "now() + interval '5 s'", paused: true);
        await AddAsync("push", "fcm", "project", "w1", "closed", reported: "now() - interval '10 minutes'");

        using var response = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/providers", key: "ntf_operate");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var providers = (await ApiHost.JsonAsync(response)).GetProperty("providers").EnumerateArray().ToList();

        Assert.Equal(
            ["email smtp mail.example.test throttled 1 True", "push fcm project unknown 1 -", "sms twilio AC1 closed 1 False", "sms twilio AC1 open 2 False", "sms twilio AC1 unknown 1 False"],
            providers.Select(p => $"{Text(p, "channel")} {Text(p, "provider")} {Text(p, "credential")} {Text(p, "state")} {p.GetProperty("instances").GetInt32()} {Text(p, "channelPaused")}"));
        var (unknown, open) = (providers[1], providers[3]);
        Assert.Equal("misconfigured 20003", Text(open, "cause"));
        Assert.InRange(open.GetProperty("until").GetDateTimeOffset() - open.GetProperty("reportedAt").GetDateTimeOffset(), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(40));
        Assert.InRange(unknown.GetProperty("age").GetInt64(), 600, 700);
        Assert.Equal(unknown.GetProperty("reportedAt").GetDateTimeOffset(), unknown.GetProperty("since").GetDateTimeOffset());
        Assert.All(new[] { "cause", "until" }, name => Assert.False(unknown.TryGetProperty(name, out _)));
    }

    private static string Text(JsonElement provider, string name) => provider.TryGetProperty(name, out var value) ? value.ToString() : "-";

    private Task AddAsync(string channel, string provider, string credential, string instance, string state, string? cause = null, string until = "NULL", bool paused = false, string reported = "now()") =>
        fixture.Database.ExecuteAsync($"""
            INSERT INTO provider_statuses (channel, provider, credential, instance, state, cause, since, until, channel_paused, reported_at)
            VALUES ('{channel}', '{provider}', '{credential}', '{instance}', '{state}', {(cause is null ? "NULL" : $"'{cause}'")}, {reported} - interval '1 minute', {until}, {paused}, {reported})
            """);
}
