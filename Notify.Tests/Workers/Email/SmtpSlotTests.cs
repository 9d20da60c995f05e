using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Tests.Packages.MailKit;
using Notify.Tests.Support;
using Notify.Workers.Email.Smtp;

namespace Notify.Tests.Workers.Email;

/// <summary>A slot of the pool comes back exactly once, whatever becomes of its connection.</summary>
public sealed class SmtpSlotTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_whose_closing_fails_gives_its_slot_back()
    {
        await using var fixture = new SmtpProviderFixture(
            null,
            ("Email:Smtp:MaxConnections", "1"),
            ("Email:Smtp:MaxMessagesPerConnection", "1")
        );
        for (var mail = 0; mail < 3; mail++)
        {
            fixture.Time.TimerFault = new InvalidOperationException("The good-bye gets no time.");

            Assert.Equal(OutcomeKind.Sent, (await fixture.SendAsync(Cancel).WaitAsync(Patience, Cancel)).Kind);
        }

        Assert.Equal((3, 3), (fixture.Server.Mails.Count, fixture.Server.Connections));
        fixture.Time.TimerFault = null;
        await Until.TrueAsync(() => fixture.Server.Open == 0, "Every connection is closed.", Cancel);
    }

    [Fact]
    public async Task Idle_connection_whose_closing_fails_gives_its_slot_back()
    {
        await using var fixture = new SmtpProviderFixture(null, ("Email:Smtp:MaxConnections", "1"));
        await fixture.SendAsync(Cancel);
        fixture.Time.TimerFault = new InvalidOperationException("The good-bye gets no time.");

        fixture.Time.Advance(TimeSpan.FromSeconds(61)); // old, and closed for it

        fixture.Time.TimerFault = null;
        Assert.Equal(OutcomeKind.Sent, (await fixture.SendAsync(Cancel).WaitAsync(Patience, Cancel)).Kind);
    }

    [Fact]
    public async Task Lease_that_is_ended_twice_gives_back_one_slot()
    {
        await using var server = new ScriptedSmtpServer();
        var options = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Security = SmtpSecurity.None,
            MaxConnections = 3,
            CriticalConnections = 1,
        };
        await using var pool = new SmtpConnectionPool(Options.Create(options), new ManualTime());
        using var first = await pool.RentAsync(critical: false, Cancel);
        using var second = await pool.RentAsync(critical: false, Cancel);

        first.Dispose();
        first.Dispose();

        using var third = await pool.RentAsync(critical: false, Cancel).WaitAsync(Patience, Cancel);
        var fourth = pool.RentAsync(critical: false, Cancel);
        Assert.False(fourth.IsCompleted); // two are for ordinary mail
        second.Dispose();
        (await fourth.WaitAsync(Patience, Cancel)).Dispose();
        Assert.Equal(2, server.MostOpen);
    }
}
