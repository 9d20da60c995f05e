using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Tests.Packages.MailKit;
using Notify.Tests.Support;

namespace Notify.Tests.Workers.Email;

/// <summary>Connections that are kept for critical mail.</summary>
public sealed class SmtpReserveTests
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Critical_mail_has_a_connection_while_ordinary_mail_holds_all_of_its_own()
    {
        await using var fixture = Start(("Email:Smtp:MaxConnections", "3"), ("Email:Smtp:CriticalConnections", "1"));
        var ordinary = Enumerable.Range(0, 5).Select(_ => fixture.SendAsync(Cancel)).ToArray();
        await Until.TrueAsync(() => Volatile.Read(ref _held) == 2, "Ordinary mail has its two connections.", Cancel);

        var critical = await SendCriticalAsync(fixture);

        Assert.Equal(OutcomeKind.Sent, critical.Kind);
        Assert.Equal(2, Volatile.Read(ref _held)); // and no ordinary mail took the third
        _release.SetResult();
        Assert.All(await Task.WhenAll(ordinary), outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        Assert.Equal(3, fixture.Server.MostOpen);
    }

    [Fact]
    public async Task Where_the_reserve_would_take_all_there_is_none()
    {
        await using var fixture = Start(("Email:Smtp:MaxConnections", "2"));
        var ordinary = Enumerable.Range(0, 2).Select(_ => fixture.SendAsync(Cancel)).ToArray();
        await Until.TrueAsync(() => Volatile.Read(ref _held) == 2, "Ordinary mail has both connections.", Cancel);

        _release.SetResult();

        Assert.All(await Task.WhenAll(ordinary), outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
    }

    /// <summary>A server that holds ordinary mail back before its content.</summary>
    private SmtpProviderFixture Start(params (string, string?)[] settings)
    {
        var critical = 0;
        return new(
            new ScriptedSmtpServer
            {
                Before = line =>
                {
                    if (line == "RCPT TO:<critical@example.test>")
                        Interlocked.Increment(ref critical);
                    if (line != "DATA" || Interlocked.Exchange(ref critical, 0) > 0)
                        return Task.CompletedTask;
                    Interlocked.Increment(ref _held);
                    return _release.Task;
                },
            },
            settings
        );
    }

    private static Task<Outcome> SendCriticalAsync(SmtpProviderFixture fixture) =>
        fixture
            .Provider.SendAsync(SmtpProviderFixture.Message(to: "critical@example.test") with { Critical = true }, Cancel)
            .WaitAsync(TimeSpan.FromSeconds(30), Cancel);
}
