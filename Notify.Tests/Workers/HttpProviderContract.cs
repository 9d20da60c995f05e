using System.Net;
using System.Net.Sockets;
using Notify.Core.Channels;

namespace Notify.Tests.Workers;

/// <summary>What every provider over HTTP makes of a call that gets no answer. How it waits for one is its own, and tested beside
/// it.</summary>
public abstract class HttpProviderContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What no exception may show of the recipient.</summary>
    private protected abstract string Recipient { get; }

    /// <param name="elsewhere">Called in place of the stub.</param>
    private protected abstract Task<IProviderDoor> OpenAsync(Uri? elsewhere = null);

    [Fact]
    public async Task Connection_lost_after_sending_is_ambiguous_and_not_repeated()
    {
        await using var door = await OpenAsync();
        await door.SendAsync(Cancel); // so the next call takes a pooled connection
        door.Stub.Answers(StubAnswer.Broken);

        var outcome = await door.SendAsync(Cancel);

        Assert.Equal((OutcomeKind.Ambiguous, "connection_lost"), (outcome.Kind, outcome.Code));
        Assert.Equal(2, door.Stub.Requests.Count);
    }

    [Fact]
    public async Task Refused_connection_is_transient()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); // bound, not listening
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var door = await OpenAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)reserved.LocalEndPoint!).Port}/"));

        var outcome = await door.SendAsync(Cancel);

        Assert.Equal((OutcomeKind.Transient, "connection"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Cancelled_call_throws_with_the_callers_token()
    {
        await using var door = await OpenAsync();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var arrived = door.Stub.FallSilent();

        var sending = door.SendAsync(caller.Token);
        await arrived.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await caller.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(caller.Token, cancelled.CancellationToken);
        Assert.DoesNotContain(Recipient, cancelled.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_that_is_cancelled_from_the_start_sends_nothing()
    {
        await using var door = await OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => door.SendAsync(new CancellationToken(true)));

        Assert.Empty(door.Stub.Requests);
    }
}
