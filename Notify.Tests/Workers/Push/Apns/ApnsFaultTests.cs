using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Workers.Push.Apns;

namespace Notify.Tests.Workers.Push.Apns;

/// <summary>Calls that end without an answer: what may be sent again at once, later, or only with a doubt.</summary>
public sealed class ApnsFaultTests
{
    [Theory]
    [InlineData(Reaction.Refuse)]
    [InlineData(Reaction.GoAwayBefore)]
    public async Task Push_that_APNs_never_processed_is_sent_again_at_once(Reaction reaction)
    {
        await using var server = new RawHttp2Server(reaction, Reaction.Accept);
        using var provider = Provider(server.Address);

        var outcome = await provider.SendAsync(PushMessages.Apns(), TestContext.Current.CancellationToken);

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        Assert.Equal(2, server.Requests);
        Assert.Equal(reaction == Reaction.Refuse ? 1 : 2, server.Connections);
    }

    [Theory]
    [InlineData(Reaction.Reset)]
    [InlineData(Reaction.GoAwayAfter)]
    [InlineData(Reaction.Drop)]
    public async Task Push_whose_answer_was_lost_is_ambiguous_and_not_repeated(Reaction reaction)
    {
        await using var server = new RawHttp2Server(reaction, Reaction.Accept);
        using var provider = Provider(server.Address);

        var outcome = await provider.SendAsync(PushMessages.Apns(), TestContext.Current.CancellationToken);

        Assert.Equal((OutcomeKind.Ambiguous, "connection_lost"), (outcome.Kind, outcome.Code));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Push_refused_again_and_again_is_transient()
    {
        await using var server = new RawHttp2Server(Reaction.Refuse);
        using var provider = Provider(server.Address);

        var outcome = await provider.SendAsync(PushMessages.Apns(), TestContext.Current.CancellationToken);

        Assert.Equal((OutcomeKind.Transient, "refused_stream"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Connection_that_broke_is_replaced_for_the_next_push()
    {
        await using var server = new RawHttp2Server(Reaction.Drop, Reaction.Accept);
        using var provider = Provider(server.Address);

        await provider.SendAsync(PushMessages.Apns(), TestContext.Current.CancellationToken);
        var next = await provider.SendAsync(PushMessages.Apns(), TestContext.Current.CancellationToken);

        Assert.Equal(OutcomeKind.Sent, next.Kind);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Unreachable_APNs_is_transient()
    {
        await using var door = await ApnsDoor.OpenAsync();
        await door.Production.DisposeAsync();

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Transient, "connection"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task No_answer_in_time_is_ambiguous()
    {
        await using var door = await ApnsDoor.OpenAsync();
        door.Production.Answers(
            async (_, aborted) =>
            {
                door.Time.Advance(ApnsDoor.Timeout);
                await Task.Delay(Timeout.Infinite, aborted);
                return ApnsDoor.Accepted;
            }
        );

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Ambiguous, "timeout"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Cancelled_send_throws()
    {
        await using var door = await ApnsDoor.OpenAsync();
        using var cancel = new CancellationTokenSource();
        door.Production.Answers(
            async (_, aborted) =>
            {
                await cancel.CancelAsync();
                await Task.Delay(Timeout.Infinite, aborted);
                return ApnsDoor.Accepted;
            }
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => door.Provider.SendAsync(PushMessages.Apns(), cancel.Token));
    }

    private static ApnsProvider Provider(Uri endpoint) => new(Options.Create(ApnsDoor.OptionsFor(endpoint, endpoint)), TimeProvider.System);
}
