using System.Net;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Push.Apns;
using Notify.Workers.Push.Fcm;

namespace Notify.Tests.Api.Providers;

[Collection(SharedPostgres.Name)]
public sealed class RestoreDevicesTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Devices_that_a_wrong_setting_disabled_are_active_again_and_the_answer_says_how_many()
    {
        await AddAsync("fcm", "SENDER_ID_MISMATCH", count: 19);
        await AddAsync("fcm", "UNREGISTERED", count: 1);
        await AddAsync("fcm", "UNREGISTERED", count: 2, disabled: "now() - interval '2 days'");
        await AddAsync("fcm", "SOMETHING_ELSE", count: 3);
        await AddAsync("apns", "BadDeviceToken", count: 4);

        using var response = await fixture.Api.SendAsync(HttpMethod.Post, "/v1/providers/fcm/restore-devices", key: "ntf_operate");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(20, (await ApiHost.JsonAsync(response)).GetProperty("restored").GetInt32());
        Assert.Equal(
            ["apns disabled BadDeviceToken 4", "fcm active 20", "fcm disabled SOMETHING_ELSE 3", "fcm disabled UNREGISTERED 2"],
            await fixture.Database.ListAsync(
                "SELECT concat_ws(' ', platform, state, disabled_reason, count(*)) FROM devices GROUP BY platform, state, disabled_reason ORDER BY 1"
            )
        );
        Assert.Equal(
            ["devices.restored fcm 20"],
            await fixture.Database.ListAsync(
                "SELECT concat_ws(' ', action, subject, details->>'restored') FROM audit_log WHERE action = 'devices.restored'"
            )
        );

        var since = Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddDays(-3).ToString("O"));
        using var earlier = await fixture.Api.SendAsync(
            HttpMethod.Post,
            $"/v1/providers/fcm/restore-devices?since={since}",
            key: "ntf_operate"
        );
        Assert.Equal(2, (await ApiHost.JsonAsync(earlier)).GetProperty("restored").GetInt32());
    }

    [Fact]
    public async Task Only_who_runs_the_installation_may_and_only_for_providers_of_devices()
    {
        using var manager = await fixture.Api.SendAsync(HttpMethod.Post, "/v1/providers/fcm/restore-devices", key: "ntf_manage");
        await ApiFixture.AssertProblemAsync(manager, 403, "forbidden");
        using var mail = await fixture.Api.SendAsync(HttpMethod.Post, "/v1/providers/smtp/restore-devices", key: "ntf_operate");
        await ApiFixture.AssertProblemAsync(mail, 404, "not-found");
        foreach (var since in (string[])["yesterday", "2020-01-01", "2999-01-01"])
        {
            using var never = await fixture.Api.SendAsync(
                HttpMethod.Post,
                $"/v1/providers/apns/restore-devices?since={since}",
                key: "ntf_operate"
            );
            await ApiFixture.AssertProblemAsync(never, 422, "invalid", "since");
        }
    }

    [Fact]
    public void What_can_be_restored_is_what_the_providers_tables_doubt()
    {
        var fcm = FcmFailures.ByCode.Where(row => row.Value.Doubt != TokenDoubt.None).Select(row => row.Key).Append("INVALID_ARGUMENT");
        var apns = ApnsFailures.ByReason.Where(row => row.Value.Doubt != TokenDoubt.None).Select(row => row.Key).Append("HTTP 410");

        Assert.Equal(fcm.Order(StringComparer.Ordinal), DoubtfulRefusals.ByProvider["fcm"].Order(StringComparer.Ordinal));
        Assert.Equal(apns.Order(StringComparer.Ordinal), DoubtfulRefusals.ByProvider["apns"].Order(StringComparer.Ordinal));
    }

    private async Task AddAsync(string platform, string reason, int count, string disabled = "now()")
    {
        var recipient = Guid.NewGuid().ToString("N");
        await fixture.Database.ExecuteAsync(
            $"""
            INSERT INTO recipients (tenant_id, recipient_id, created_at, updated_at) VALUES ('acme', '{recipient}', now(), now());
            INSERT INTO devices (tenant_id, recipient_id, device_id, platform, environment, token, token_hash, registered_at, last_seen_at,
                state, disabled_at, disabled_reason)
            SELECT 'acme', '{recipient}', 'd' || n, '{platform}', 'production', '{recipient}'
                || n, sha256(convert_to('{recipient}' || n, 'UTF8')), now(), now(), 'disabled', {disabled}, '{reason}'
              FROM generate_series(1, {count}) AS n
            """
        );
    }
}
