using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Contract;
using Aspire.Hosting.Dashboard.Serving;

namespace Notify.Tests.StandIns.Dashboard.Serving;

public sealed class ResourceCommandsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<bool, bool, string?, int> Results => new()
    {
        { true, false, null, (int)ResourceCommandResponseKind.Succeeded },
        { true, false, "Stopped.", (int)ResourceCommandResponseKind.Succeeded },
        { false, true, null, (int)ResourceCommandResponseKind.Cancelled },
        { false, false, "It is not running.", (int)ResourceCommandResponseKind.Failed },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public async Task Result_of_a_command_is_told(bool success, bool canceled, string? message, int kind)
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        app.Source.Execution = _ => Task.FromResult(new ExecuteCommandResult { Success = success, Canceled = canceled, Message = message });

        using var reply = await ExecuteAsync(app.Peer);

        var response = await reply.NextAsync(ResourceCommandResponse.Parser, Cancel);
        Assert.Equal((ResourceCommandResponseKind)kind, response!.Kind);
        Assert.Equal(message ?? "", response.Message);
        Assert.Equal(GrpcStatus.Ok, (await reply.EndAsync(Cancel)).Status);
        Assert.Equal([("api-k3f9", "stop")], app.Source.Executed);
    }

    [Fact]
    public async Task Fault_of_the_host_is_an_internal_error_without_its_text()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        app.Source.Execution = _ => throw new InvalidOperationException("secret");

        using var reply = await ExecuteAsync(app.Peer);
        var (status, message) = await reply.EndAsync(Cancel);

        Assert.Equal(GrpcStatus.Internal, status);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_is_cancelled_when_its_caller_has_gone()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Source.Execution = async token =>
        {
            using var registration = token.Register(cancelled.SetResult);
            running.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new ExecuteCommandResult { Success = true };
        };

        var reply = await ExecuteAsync(app.Peer);
        await running.Task.WaitAsync(Cancel);
        reply.Dispose();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private static Task<GrpcReply> ExecuteAsync(GrpcPeer peer) =>
        peer.CallAsync("ExecuteResourceCommand", new ResourceCommandRequest { ResourceName = "api-k3f9", CommandName = "stop", ResourceType = "Project" }, Cancel);
}
