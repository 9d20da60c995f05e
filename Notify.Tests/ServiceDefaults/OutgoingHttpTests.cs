using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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

    [Fact]
    public async Task Client_that_asks_for_it_finds_a_service_by_its_name()
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("Services:api:http:0", peer.Address.GetLeftPart(UriPartial.Authority))]);
        builder.AddServiceDefaults();
        builder.Services.AddHttpClient("by name").AddServiceDiscovery();
        using var host = builder.Build();

        using var client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("by name");
        using var response = await client.GetAsync(new Uri("https+http://api/"), _cancel);

        Assert.Equal((HttpStatusCode.OK, 1), (response.StatusCode, peer.Requests));
    }
}
