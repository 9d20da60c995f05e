using Notify.Core.Channels;
using Notify.Tests.Packages.MailKit;

namespace Notify.Tests.Workers.Email;

public sealed class SmtpPoolTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mails_one_after_the_other_share_a_connection()
    {
        await using var fixture = new SmtpProviderFixture();

        for (var i = 0; i < 5; i++)
            Assert.Equal(OutcomeKind.Sent, (await fixture.SendAsync(Cancel)).Kind);

        Assert.Equal((5, 1), (fixture.Server.Mails.Count, fixture.Server.Connections));
    }

    [Fact]
    public async Task Refused_recipient_costs_no_connection()
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Answer = line => line == "RCPT TO:<dead@example.test>" ? "550 5.1.1 Unknown" : null }
        );

        var refused = await fixture.Provider.SendAsync(SmtpProviderFixture.Message(to: "dead@example.test"), Cancel);
        var sent = await fixture.SendAsync(Cancel);

        Assert.Equal((OutcomeKind.DeadAddress, OutcomeKind.Sent), (refused.Kind, sent.Kind));
        Assert.Equal(1, fixture.Server.Connections);
        Assert.Equal("RCPT TO:<to@example.test>", Assert.Single(Assert.Single(fixture.Server.Mails).Recipients));
    }

    [Fact]
    public async Task Connection_is_replaced_after_its_number_of_messages()
    {
        await using var fixture = new SmtpProviderFixture(null, ("Email:Smtp:MaxMessagesPerConnection", "2"));

        for (var i = 0; i < 5; i++)
            await fixture.SendAsync(Cancel);

        Assert.Equal((5, 3), (fixture.Server.Mails.Count, fixture.Server.Connections));
        await EventuallyAsync(() => fixture.Server.Lines.Count(line => line == "QUIT") == 2);
    }

    [Fact]
    public async Task Connection_is_replaced_when_it_is_old()
    {
        await using var fixture = new SmtpProviderFixture();
        await fixture.SendAsync(Cancel);

        fixture.Time.Advance(TimeSpan.FromSeconds(59));
        await fixture.SendAsync(Cancel);
        Assert.Equal(1, fixture.Server.Connections);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.SendAsync(Cancel);

        Assert.Equal(2, fixture.Server.Connections);
    }

    [Fact]
    public async Task Idle_connection_is_closed_when_it_is_old()
    {
        await using var fixture = new SmtpProviderFixture();
        await fixture.SendAsync(Cancel);

        fixture.Time.Advance(TimeSpan.FromSeconds(61));

        await EventuallyAsync(() => fixture.Server.Open == 0);
        Assert.Equal("QUIT", fixture.Server.Lines.Last());
    }

    [Fact]
    public async Task Twenty_mails_at_once_never_open_more_than_the_limit()
    {
        var waiting = 0;
        var full = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer
            {
                Before = line =>
                {
                    if (line != "DATA")
                        return Task.CompletedTask;
                    if (Interlocked.Increment(ref waiting) == 3)
                        full.TrySetResult();
                    return release.Task;
                },
            },
            ("Email:Smtp:MaxConnections", "3"),
            ("Email:Smtp:CriticalConnections", "0")
        );

        var sends = Enumerable.Range(0, 20).Select(_ => fixture.SendAsync(Cancel)).ToArray();
        await full.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel); // three at work, seventeen waiting
        release.SetResult();
        var outcomes = await Task.WhenAll(sends);

        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        Assert.Equal(20, fixture.Server.Mails.Count);
        Assert.Equal((3, 3), (fixture.Server.Connections, fixture.Server.MostOpen));
    }

    [Fact]
    public async Task Mail_that_waits_for_a_connection_can_be_cancelled()
    {
        var release = new TaskCompletionSource();
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Before = line => line == "DATA" ? release.Task : Task.CompletedTask },
            ("Email:Smtp:MaxConnections", "1")
        );
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var first = fixture.SendAsync(Cancel);

        var second = fixture.SendAsync(source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        release.SetResult();
        Assert.Equal(OutcomeKind.Sent, (await first).Kind);
        Assert.Equal(OutcomeKind.Sent, (await fixture.SendAsync(Cancel)).Kind);
    }

    [Fact]
    public async Task Connection_that_the_server_closed_while_idle_is_replaced_at_once()
    {
        await using var fixture = new SmtpProviderFixture();
        await fixture.SendAsync(Cancel);
        await fixture.Server.CloseAllAsync();

        var outcome = await fixture.SendAsync(Cancel);

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        Assert.Equal((2, 2), (fixture.Server.Mails.Count, fixture.Server.Connections));
    }

    [Fact]
    public async Task Idle_connection_that_says_good_bye_to_the_next_mail_is_replaced_at_once()
    {
        var served = 0;
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer
            {
                Answer = line =>
                    line.StartsWith("MAIL", StringComparison.Ordinal) && Interlocked.Increment(ref served) == 2
                        ? "421 4.4.2 Idle for too long"
                        : null,
            }
        );
        await fixture.SendAsync(Cancel);

        Assert.Equal(OutcomeKind.Sent, (await fixture.SendAsync(Cancel)).Kind);
        Assert.Equal((2, 2), (fixture.Server.Mails.Count, fixture.Server.Connections));
    }

    [Fact]
    public async Task Replacement_is_made_once()
    {
        var served = 0;
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer
            {
                Answer = line =>
                    line.StartsWith("MAIL", StringComparison.Ordinal) && Interlocked.Increment(ref served) > 1
                        ? ScriptedSmtpServer.Drop
                        : null,
            }
        );
        await fixture.SendAsync(Cancel);

        var outcome = await fixture.SendAsync(Cancel);

        Assert.Equal((OutcomeKind.Transient, "dropped"), (outcome.Kind, outcome.Code));
        Assert.Equal(2, fixture.Server.Connections);
    }

    [Fact]
    public async Task Drop_after_the_final_dot_is_not_sent_again_over_another_connection()
    {
        var served = 0;
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer
            {
                Offers = [],
                Answer = line => line == "CONTENT" && Volatile.Read(ref served) > 0 ? ScriptedSmtpServer.Drop : null,
            }
        );
        await fixture.SendAsync(Cancel);
        Interlocked.Increment(ref served);

        var outcome = await fixture.SendAsync(Cancel);

        Assert.Equal(OutcomeKind.Ambiguous, outcome.Kind);
        Assert.Equal(1, fixture.Server.Connections);
    }

    [Fact]
    public async Task Broken_connection_is_not_used_again()
    {
        var broken = false;
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Answer = line => line == "DATA" && !broken ? ScriptedSmtpServer.Drop : null }
        );

        Assert.Equal(OutcomeKind.Transient, (await fixture.SendAsync(Cancel)).Kind);
        broken = true;
        Assert.Equal(OutcomeKind.Sent, (await fixture.SendAsync(Cancel)).Kind);
        Assert.Equal(2, fixture.Server.Connections);
    }

    [Fact]
    public async Task Failed_connection_gives_its_place_back()
    {
        var refuse = true;
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Answer = line => line == "CONNECT" && refuse ? "421 Later" : null },
            ("Email:Smtp:MaxConnections", "1")
        );

        for (var i = 0; i < 3; i++)
            Assert.Equal(OutcomeKind.Transient, (await fixture.SendAsync(Cancel)).Kind);
        refuse = false;

        Assert.Equal(OutcomeKind.Sent, (await fixture.SendAsync(Cancel)).Kind);
    }

    [Fact]
    public async Task Every_connection_is_closed_at_the_end()
    {
        await using var fixture = new SmtpProviderFixture();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.SendAsync(Cancel)));

        await fixture.EndAsync();

        await EventuallyAsync(() => fixture.Server.Open == 0);
        Assert.Equal(fixture.Server.Connections, fixture.Server.Lines.Count(line => line == "QUIT"));
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(10, deadline.Token);
    }
}
