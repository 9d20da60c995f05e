using Aspire.Hosting.Dashboard.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace Notify.Tests.StandIns.Dashboard.Serving;

/// <summary>A stub application behind a real resource server.</summary>
internal sealed class ServedApplication : IAsyncDisposable
{
    public const string Key = "5a1fd3c0";

    private readonly CancellationTokenSource _stopping = new();
    private readonly ResourceServer _server;
    private readonly Task _following;

    private ServedApplication(StubSource source, ResourceServer server, ResourceBoard board)
    {
        Source = source;
        _server = server;
        _following = board.FollowAsync(source, _stopping.Token);
        Peer = NewPeer(Key);
    }

    public StubSource Source { get; }

    public GrpcPeer Peer { get; }

    public static async Task<ServedApplication> StartAsync(CancellationToken cancellationToken)
    {
        var source = new StubSource();
        var board = new ResourceBoard(TimeProvider.System, NullLogger.Instance);
        var server = await ResourceServer.StartAsync(new ResourceCalls(source, board), Key, NullLogger.Instance, cancellationToken);
        return new ServedApplication(source, server, board);
    }

    public GrpcPeer NewPeer(string? key) => new(_server.Address, key);

    public ValueTask StopServerAsync() => _server.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _following);
        Peer.Dispose();
        await _server.DisposeAsync();
        _stopping.Dispose();
    }
}
