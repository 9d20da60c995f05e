using System.Net;
using System.Net.Http.Headers;
using Aspire.Hosting.Dashboard.Contract;
using Aspire.Hosting.Dashboard.Serving;

namespace Notify.Tests.StandIns.Dashboard.Serving;

public sealed class ResourceServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Application_is_named()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);

        using var reply = await app.Peer.CallAsync("GetApplicationInformation", new ApplicationInformationRequest(), Cancel);

        Assert.Equal("application/grpc", reply.ContentType);
        Assert.Equal("Shop", (await reply.NextAsync(ApplicationInformationResponse.Parser, Cancel))!.ApplicationName);
        Assert.Equal(GrpcStatus.Ok, (await reply.EndAsync(Cancel)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5a1fd3c")]
    [InlineData("5a1fd3c00")]
    [InlineData("5A1FD3C0")]
    public async Task Caller_without_the_key_is_refused(string? key)
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var stranger = app.NewPeer(key);

        using var reply = await stranger.CallAsync("ExecuteResourceCommand", new ResourceCommandRequest { ResourceName = "api", CommandName = "stop" }, Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, reply.HttpStatus);
        Assert.Empty(app.Source.Executed);
    }

    [Fact]
    public async Task Method_that_is_not_served_is_called_so()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);

        using var reply = await app.Peer.CallAsync("UploadFile", new ApplicationInformationRequest(), Cancel);

        Assert.Equal(HttpStatusCode.OK, reply.HttpStatus);
        Assert.Equal(GrpcStatus.Unimplemented, (await reply.EndAsync(Cancel)).Status);
    }

    [Fact]
    public async Task Request_of_another_kind_is_refused()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var reply = await app.Peer.CallAsync("GetApplicationInformation", content, Cancel);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.HttpStatus);
    }

    public static TheoryData<byte[], int> BrokenRequests => new()
    {
        { [], (int)GrpcStatus.InvalidArgument },                                     // no message
        { [0, 0, 0], (int)GrpcStatus.InvalidArgument },                              // half a header
        { [0, 0, 0, 0, 9, 1, 2], (int)GrpcStatus.InvalidArgument },                  // less than announced
        { GrpcPeer.Frame([0xff, 0xff, 0xff]), (int)GrpcStatus.InvalidArgument },     // not a message
        { GrpcPeer.Frame([], compressed: 1), (int)GrpcStatus.Unimplemented },
        { [0, 0x7f, 0xff, 0xff, 0xff], (int)GrpcStatus.ResourceExhausted },          // announces two gigabytes
        { [0, 0xff, 0xff, 0xff, 0xff], (int)GrpcStatus.ResourceExhausted },
    };

    [Theory]
    [MemberData(nameof(BrokenRequests))]
    public async Task Broken_request_is_answered_with_its_status(byte[] body, int status)
    {
        await using var app = await ServedApplication.StartAsync(Cancel);

        using var reply = await app.Peer.CallAsync("WatchResources", new ByteArrayContent(body), Cancel);

        Assert.Equal((GrpcStatus)status, (await reply.EndAsync(Cancel)).Status);
    }

    [Fact]
    public async Task Interactions_answer_at_once_and_stay_open_until_the_caller_ends_them()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        var requests = new OpenContent();

        using var reply = await app.Peer.CallAsync("WatchInteractions", requests, Cancel);   // returns with the headers
        var end = reply.EndAsync(Cancel);
        Assert.Equal(HttpStatusCode.OK, reply.HttpStatus);
        Assert.False(end.IsCompleted);
        requests.End();

        Assert.Equal(GrpcStatus.Ok, (await end).Status);
    }

    [Fact]
    public async Task Stopping_the_host_ends_open_calls_with_a_status()
    {
        await using var app = await ServedApplication.StartAsync(Cancel);
        using var watch = await app.Peer.CallAsync("WatchResources", new WatchResourcesRequest(), Cancel);
        Assert.NotNull(await watch.NextAsync(WatchResourcesUpdate.Parser, Cancel));
        var end = watch.EndAsync(Cancel);

        await app.StopServerAsync();

        Assert.Equal((GrpcStatus.Unavailable, "The host is stopping."), await end);
    }

    private sealed class OpenContent : HttpContent
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync(Cancel);
            await _end.Task.WaitAsync(Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
