using System.Net;

namespace Notify.Tests.ServiceDefaults;

public sealed class OutgoingHttpTests
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Failed_request_is_not_repeated(string method)
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        await using var service = await Service.StartAsync(_cancel);
        peer.Answer = StubServer.Status(503);
        using var request = new HttpRequestMessage(new HttpMethod(method), peer.Address);

        using var response = await service.Outbound.SendAsync(request, _cancel);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (response.StatusCode, peer.Requests));
    }
}
