using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Tests.Support;
using Notify.Workers.Push.Apns;

namespace Notify.Tests.Workers.Push.Apns;

public sealed class ApnsStreamsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_more_pushes_are_under_way_than_allowed()
    {
        await using var stub = await ProviderStub.StartAsync(HttpProtocols.Http2, ApnsDoor.Accepted, Cancel);
        var (underWay, most) = (0, 0);
        var gate = new Lock();
        stub.Answers(
            async (_, _) =>
            {
                lock (gate)
                    most = Math.Max(most, ++underWay);
                await Task.Yield();
                lock (gate)
                    underWay--;
                return ApnsDoor.Accepted;
            }
        );
        using var provider = Provider(stub, streams: 2);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => provider.SendAsync(PushMessages.Apns(), Cancel)));

        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Push_that_waits_for_its_turn_can_be_cancelled_and_takes_none()
    {
        await using var stub = await ProviderStub.StartAsync(HttpProtocols.Http2, ApnsDoor.Accepted, Cancel);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stub.Answers(
            async (_, _) =>
            {
                arrived.TrySetResult();
                await release.Task;
                return ApnsDoor.Accepted;
            }
        );
        using var provider = Provider(stub, streams: 1);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var first = provider.SendAsync(PushMessages.Apns(), Cancel);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        var second = provider.SendAsync(PushMessages.Apns(), caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        release.SetResult();

        Assert.Equal(OutcomeKind.Sent, (await first).Kind);
        Assert.Equal(OutcomeKind.Sent, (await provider.SendAsync(PushMessages.Apns(), Cancel)).Kind);
        Assert.Equal(2, stub.Requests.Count);
    }

    private static ApnsProvider Provider(ProviderStub stub, int streams)
    {
        var options = ApnsDoor.OptionsFor(stub.Address, stub.Address);
        options.MaxConcurrentStreams = streams;
        return new ApnsProvider(Options.Create(options), new ManualTime());
    }
}
