using System.Net;
using Microsoft.Extensions.Options;
using Notify.Sending.SelfChecks;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Workers.Sms;
using Npgsql;

namespace Notify.Tests.Sending.SelfChecks;

public sealed class SelfCheckTests(PostgresServer server) : DatabaseTests(server)
{
    private const string On = "SelfCheck:Phone=+15005550009";
    private const string Rarely = "SelfCheck:Interval=01:00:00"; // the tests check by themselves
    private readonly PostgresServer _server = server;
    private readonly KafkaBroker _kafka = new();
    private TwilioStub _twilio = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _twilio = await TwilioStub.StartAsync(Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await _twilio.DisposeAsync();
        _kafka.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Worker_is_ready_while_its_messages_get_through_and_unready_after_so_many_failures()
    {
        await using var hosts = await SelfCheckHosts.StartAsync(
            Database.ConnectionString,
            _kafka.Address,
            _twilio.Address,
            On,
            Rarely,
            "SelfCheck:FailuresBeforeUnready=2"
        );
        await using var redis = new RespServer();
        await using var api = await ApiHost.StartAsync(Database.ConnectionString, _kafka.Address, redis.Address);
        await hosts.HealthAsync(200);

        Assert.Equal(SelfCheckResult.Ok, await hosts.Check.RunAsync(Cancel));
        Assert.Equal("+15005550009", Assert.Single(_twilio.Requests).Form["To"]);
        Assert.Equal(
            ["notify-self-check self-check sent"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', n.tenant_id, n.category, d.state) FROM notifications n JOIN deliveries d USING (tenant_id, accepted_at, notification_id)"
            )
        );

        _twilio.AnswerWith(400, RecordedAnswers.Refused(400, 21211));
        Assert.Equal(SelfCheckResult.NotSent, await hosts.Check.RunAsync(Cancel));
        Assert.Contains("\"self-check\":{\"status\":\"Healthy\"", await hosts.HealthAsync(200), StringComparison.Ordinal);
        Assert.Equal(SelfCheckResult.NotSent, await hosts.Check.RunAsync(Cancel));
        Assert.Contains("\"self-check\":{\"status\":\"Unhealthy\"", await hosts.HealthAsync(503), StringComparison.Ordinal);
        using var health = await api.SendAsync(HttpMethod.Get, "/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        _twilio.AnswerWith(201, RecordedAnswers.Created);
        Assert.Equal(SelfCheckResult.Ok, await hosts.Check.RunAsync(Cancel));
        await hosts.HealthAsync(200);
    }

    [Fact]
    public async Task Provider_in_trouble_fails_the_check_and_its_message_expires()
    {
        await using var hosts = await SelfCheckHosts.StartAsync(
            Database.ConnectionString,
            _kafka.Address,
            _twilio.Address,
            On,
            Rarely,
            "SelfCheck:Timeout=00:00:10"
        );
        await hosts.HealthAsync(200);
        _twilio.AnswerWith(503, "{}");

        // late, or not sent: the wait for a retry may reach past the expiry
        Assert.NotEqual(SelfCheckResult.Ok, await hosts.Check.RunAsync(Cancel));
        Assert.Equal("00:00:10", await Database.ScalarAsync<string>("SELECT (expires_at - accepted_at)::text FROM deliveries"));
    }

    [Fact]
    public async Task Database_that_is_away_fails_the_check()
    {
        await using var relay = new Relay(_server.Port);
        var database = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Port = relay.Port }.ConnectionString;
        await using var hosts = await SelfCheckHosts.StartAsync(
            database,
            _kafka.Address,
            _twilio.Address,
            On,
            Rarely,
            "SelfCheck:Timeout=00:00:05"
        );
        await hosts.HealthAsync(200);
        await relay.CutAsync();

        Assert.NotEqual(SelfCheckResult.Ok, await hosts.Check.RunAsync(Cancel));
        Assert.Empty(_twilio.Requests);
    }

    [Fact]
    public async Task Worker_checks_by_itself()
    {
        await using var hosts = await SelfCheckHosts.StartAsync(
            Database.ConnectionString,
            _kafka.Address,
            _twilio.Address,
            On,
            "SelfCheck:Interval=00:00:10"
        );
        await _twilio.FirstRequest.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    [Fact]
    public async Task Without_a_recipient_nothing_is_checked()
    {
        await using var hosts = await SelfCheckHosts.StartAsync(
            Database.ConnectionString,
            _kafka.Address,
            _twilio.Address,
            "SelfCheck:Email=ada@example.test"
        );
        Assert.False(hosts.Check.IsOn);
        Assert.Contains("\"self-check\":{\"status\":\"Healthy\"", await hosts.HealthAsync(200), StringComparison.Ordinal);
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM tenants"));
    }

    [Theory]
    [InlineData("SelfCheck:Phone=0800-CALL-ME", "SelfCheck:Phone")]
    [InlineData("SelfCheck:Email=nobody", "SelfCheck:Email")]
    [InlineData("SelfCheck:Interval=00:00:09", "Interval")]
    [InlineData("SelfCheck:Timeout=00:10:00", "Timeout")]
    [InlineData("SelfCheck:FailuresBeforeUnready=0", "FailuresBeforeUnready")]
    public async Task Settings_that_cannot_work_are_refused_at_start(string setting, string named)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            SelfCheckHosts.StartAsync(Database.ConnectionString, _kafka.Address, _twilio.Address, setting)
        );
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CALL-ME", refused.Message, StringComparison.Ordinal);
    }
}
