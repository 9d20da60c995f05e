using System.Net;
using System.Text.Json;
using Notify.Core.Providers;
using Notify.Sending.Providers;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Providers;

[Collection(SharedPostgres.Name)]
public sealed class ProvidersTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Providers_are_shown_as_the_workers_last_found_them()
    {
        await fixture.Database.ExecuteAsync("DELETE FROM provider_statuses");
        await AddAsync("sms", "twilio", "AC1", "w1", "closed");
        await AddAsync("sms", "twilio", "AC1", "w2", "open", cause: "misconfigured 20003", until: "now() + interval '5 s'", paused: true);
        await AddAsync("sms", "twilio", "AC1", "w3", "open", cause: "misconfigured 20003", until: "now() + interval '50 s'", paused: true);
        // replaced by the others
        await AddAsync("sms", "twilio", "AC1", "w4", "half_open", cause: "old", paused: true, reported: "now() - interval '20 s'");
        await AddAsync("email", "smtp", "mail.example.test", "w1", "throttled", until: "now() + interval '5 s'", paused: true);

        var providers = await ListAsync("sms", "email");

        Assert.Equal(
            [
                "email smtp mail.example.test throttled False 1 True",
                "sms twilio AC1 closed False 1 False",
                "sms twilio AC1 open False 2 False",
            ],
            providers.Select(Describe)
        );
        var open = providers[2];
        Assert.Equal("misconfigured 20003", Text(open, "cause"));
        Assert.InRange(
            open.GetProperty("until").GetDateTimeOffset() - open.GetProperty("seenAt").GetDateTimeOffset(),
            TimeSpan.FromSeconds(4),
            TimeSpan.FromSeconds(40)
        );
    }

    [Fact]
    public async Task Provider_of_dead_workers_is_shown_in_its_last_state_as_stale_after_two_of_their_intervals()
    {
        await fixture.Database.ExecuteAsync("DELETE FROM provider_statuses");
        await AddAsync("push", "fcm", "project", "w1", "closed", reported: "now() - interval '10 minutes'");
        await AddAsync("push", "fcm", "project", "w2", "open", cause: "transient 503", reported: "now() - interval '11 s'");

        var provider = Assert.Single(await ListAsync("push"));

        Assert.Equal("push fcm project open True 0 -", Describe(provider));
        Assert.Equal("transient 503", Text(provider, "cause"));
        Assert.InRange(provider.GetProperty("age").GetInt64(), 11, 100);
        Assert.Equal(
            TimeSpan.FromMinutes(1),
            provider.GetProperty("seenAt").GetDateTimeOffset() - provider.GetProperty("since").GetDateTimeOffset()
        );
        Assert.Equal(ProviderReporter.Interval * 2, ProviderStatusStore.Silent);
    }

    [Fact]
    public async Task Channel_without_a_worker_is_stale()
    {
        await fixture.Database.ExecuteAsync(
            """
            DELETE FROM provider_statuses; DELETE FROM lane_positions;
            INSERT INTO lane_positions (topic, partition, passed_at, reported_at)
            VALUES ('deliveries.push.bulk', 0, now(), now()), ('deliveries.sms.critical', 0, now(), now() - interval '16 s'),
                   ('notifications.bulk', 0, now(), now())
            """
        );
        await AddAsync("sms", "twilio", "AC1", "w1", "closed", reported: "now() - interval '20 s'");

        using var response = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/providers", key: "ntf_operate");

        var channels = (await ApiHost.JsonAsync(response)).GetProperty("channels").EnumerateArray().ToList();
        Assert.Equal(
            ["push False", "email True", "sms True"],
            channels.Select(channel => $"{Text(channel, "channel")} {Text(channel, "stale")}")
        );
        Assert.Equal([true, false, true], channels.Select(channel => channel.TryGetProperty("seenAt", out _)));
    }

    private async Task<List<JsonElement>> ListAsync(params string[] channels)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, "/v1/providers", key: "ntf_operate");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var providers = (await ApiHost.JsonAsync(response)).GetProperty("providers").EnumerateArray();
        return [.. providers.Where(provider => channels.Contains(Text(provider, "channel")))];
    }

    private static string Describe(JsonElement provider) =>
        string.Join(
            ' ',
            new[] { "channel", "provider", "credential", "state", "stale", "instances", "channelPaused" }.Select(name =>
                Text(provider, name)
            )
        );

    private static string Text(JsonElement provider, string name) => provider.TryGetProperty(name, out var value) ? value.ToString() : "-";

    private Task AddAsync(
        string channel,
        string provider,
        string credential,
        string instance,
        string state,
        string? cause = null,
        string until = "NULL",
        bool paused = false,
        string reported = "now()"
    ) =>
        fixture.Database.ExecuteAsync(
            $"""
            INSERT INTO provider_statuses (channel, provider, credential, instance, state, cause, since, until, channel_paused, reported_at)
            VALUES ('{channel}', '{provider}', '{credential}', '{instance}', '{state}', {(
                cause is null ? "NULL" : $"'{cause}'"
            )}, {reported} - interval '1 minute', {until}, {paused}, {reported})
            """
        );
}
