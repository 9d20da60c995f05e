using System.Net;
using System.Net.Sockets;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Sms;

namespace Notify.Tests.Workers.Sms;

/// <summary>What the provider makes of a call without a whole answer.</summary>
public sealed class TwilioTransportTests : IAsyncLifetime
{
    private TwilioStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await TwilioStub.StartAsync(Cancel);

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task Silence_after_sending_is_ambiguous()
    {
        using var host = new TwilioHost(_stub.Address, ("Timeout", "00:00:01"));
        _stub.Answer = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);

        var outcome = await host.Provider.SendAsync(Message(), Cancel);

        Assert.Equal((OutcomeKind.Ambiguous, "timeout"), (outcome.Kind, outcome.Code));
        Assert.Single(_stub.Requests);
    }

    [Fact]
    public async Task Silence_before_sending_is_transient()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0); // accepts, and never answers the TLS greeting
        listener.Start();
        using var host = new TwilioHost(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), ("Timeout", "00:00:01"));

        var outcome = await host.Provider.SendAsync(Message(), Cancel);

        Assert.Equal((OutcomeKind.Transient, "timeout"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Refused_connection_is_transient()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); // bound, not listening
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var host = new TwilioHost(new Uri($"http://127.0.0.1:{((IPEndPoint)reserved.LocalEndPoint!).Port}"));

        var outcome = await host.Provider.SendAsync(Message(), Cancel);

        Assert.Equal((OutcomeKind.Transient, "connection"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Connection_lost_after_sending_is_ambiguous_and_not_repeated()
    {
        using var host = new TwilioHost(_stub.Address);
        await host.Provider.SendAsync(Message(), Cancel); // so the next call takes a pooled connection
        _stub.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        var outcome = await host.Provider.SendAsync(Message(), Cancel);

        Assert.Equal((OutcomeKind.Ambiguous, "connection"), (outcome.Kind, outcome.Code));
        Assert.Equal(2, _stub.Requests.Count);
    }

    [Theory]
    [InlineData(201, OutcomeKind.Ambiguous)]
    [InlineData(500, OutcomeKind.Ambiguous)]
    [InlineData(400, OutcomeKind.Transient)]
    [InlineData(401, OutcomeKind.Misconfigured)]
    [InlineData(429, OutcomeKind.Throttled)]
    public async Task Answer_that_is_cut_off_is_classified_by_its_status(int status, OutcomeKind kind)
    {
        using var host = new TwilioHost(_stub.Address);
        _stub.Answer = (context, _) => RecordedAnswers.WriteCutAsync(context, status);

        var outcome = await host.Provider.SendAsync(Message(), Cancel);

        Assert.Equal((kind, "connection"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Cancelled_call_throws_with_the_callers_token()
    {
        using var host = new TwilioHost(_stub.Address);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _stub.Answer = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);

        var sending = host.Provider.SendAsync(Message(), caller.Token);
        await _stub.FirstRequest.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await caller.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(caller.Token, cancelled.CancellationToken);
        Assert.DoesNotContain("15558675310", cancelled.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_that_is_cancelled_from_the_start_sends_nothing()
    {
        using var host = new TwilioHost(_stub.Address);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Provider.SendAsync(Message(), new CancellationToken(true)));

        Assert.Empty(_stub.Requests);
    }

    private static SmsMessage Message() => new(Guid.CreateVersion7(FixedClock.Now), "+15558675310", "Hello", FixedClock.Now.AddHours(1));
}
