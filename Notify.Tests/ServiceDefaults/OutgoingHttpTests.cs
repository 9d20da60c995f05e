using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Notify.ServiceDefaults.Http;

namespace Notify.Tests.ServiceDefaults;

public sealed class OutgoingHttpTests
{
    private static readonly Dictionary<string, string?> QuickBreaker = new()
    {
        ["OutgoingHttp:MinimumThroughput"] = "2",
        ["OutgoingHttp:BreakDuration"] = "00:00:00.5",
        ["OutgoingHttp:SamplingDuration"] = "00:05:00",
    };

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_post_is_not_repeated()
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        await using var service = await Service.StartAsync(_cancel);
        peer.Answer = StubServer.Status(503);

        using var response = await service.Outbound.PostAsync(peer.Address, new StringContent("once"), _cancel);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (response.StatusCode, peer.Requests));
    }

    [Fact]
    public async Task Breaker_opens_after_failures_lets_one_call_try_and_closes_when_it_succeeds()
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        await using var other = await StubServer.StartAsync(_cancel);
        await using var service = await Service.StartAsync(_cancel, QuickBreaker);
        peer.Answer = StubServer.Status(500);
        using var client = service.Outbound;

        for (var call = 0; call < 2; call++)
            (await client.GetAsync(peer.Address, _cancel)).Dispose();
        var refused = await Assert.ThrowsAsync<CircuitOpenException>(() => client.GetAsync(peer.Address, _cancel));
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
        Assert.Equal(2, peer.Requests);
        Assert.Equal("/", await client.GetStringAsync(other.Address, _cancel));   // another origin is not concerned

        // Half open: one call goes through, and since it fails the next is refused again.
        Assert.Equal(HttpStatusCode.InternalServerError, await FirstAnswerAsync(client, peer.Address));
        Assert.Equal(3, peer.Requests);
        await Assert.ThrowsAsync<CircuitOpenException>(() => client.GetAsync(peer.Address, _cancel));

        peer.Answer = StubServer.Status(200);
        Assert.Equal(HttpStatusCode.OK, await FirstAnswerAsync(client, peer.Address));
        Assert.Equal(HttpStatusCode.OK, await FirstAnswerAsync(client, peer.Address));
        Assert.Equal(5, peer.Requests);
    }

    [Fact]
    public async Task Answers_about_the_request_do_not_open_the_breaker()
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        await using var service = await Service.StartAsync(_cancel, QuickBreaker);

        foreach (var status in new[] { 400, 404, 410, 429, 429, 400 })
        {
            peer.Answer = StubServer.Status(status);
            using var response = await service.Outbound.GetAsync(peer.Address, _cancel);
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Peer_that_does_not_answer_is_given_up_and_counts_as_failed()
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        await using var service = await Service.StartAsync(_cancel, new(QuickBreaker) { ["OutgoingHttp:Timeout"] = "00:00:00.2" });
        peer.Answer = HangAsync;

        for (var call = 0; call < 2; call++)
            Assert.IsType<TimeoutException>((await Assert.ThrowsAsync<TaskCanceledException>(() => service.Outbound.GetAsync(peer.Address, _cancel))).InnerException);
        await Assert.ThrowsAsync<CircuitOpenException>(() => service.Outbound.GetAsync(peer.Address, _cancel));
    }

    [Fact]
    public async Task Caller_who_gives_up_does_not_count_as_a_failure()
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        await using var service = await Service.StartAsync(_cancel, QuickBreaker);
        for (var call = 0; call < 4; call++)
        {
            using var caller = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
            peer.Answer = context =>
            {
                caller.Cancel();
                return HangAsync(context);
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.Outbound.GetAsync(peer.Address, caller.Token));
        }
        peer.Answer = StubServer.Status(200);

        using var response = await service.Outbound.GetAsync(peer.Address, _cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Body_that_drips_is_given_up()
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        await using var service = await Service.StartAsync(_cancel, new() { ["OutgoingHttp:Timeout"] = "00:00:00.2" });
        peer.Answer = async context =>
        {
            await context.Response.WriteAsync("beginning", context.RequestAborted);
            await HangAsync(context);
        };

        await Assert.ThrowsAsync<TaskCanceledException>(() => service.Outbound.GetStringAsync(peer.Address, _cancel));
    }

    [Fact]
    public async Task One_client_may_have_limits_of_its_own()
    {
        await using var service = await Service.StartAsync(_cancel, configure: builder =>
            builder.Services.Configure<OutgoingHttpOptions>("peer", options => options.Timeout = TimeSpan.FromSeconds(3)));

        Assert.Equal(TimeSpan.FromSeconds(6), service.Outbound.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(20), service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("another").Timeout);
    }

    [Theory]
    [InlineData("http://api/v1/x?y=1")]
    [InlineData("https+http://api/v1/x?y=1")]
    public async Task Service_name_becomes_the_address_that_the_host_gives(string uri)
    {
        await using var peer = await StubServer.StartAsync(_cancel);
        await using var service = await Service.StartAsync(_cancel, new() { ["services:api:http:0"] = peer.Address.ToString() });

        Assert.Equal("/v1/x?y=1", await service.Outbound.GetStringAsync(uri, _cancel));
        using var based = service.Outbound;
        based.BaseAddress = new Uri("https+http://api");
        Assert.Equal("/v1/z", await based.GetStringAsync("/v1/z", _cancel));
    }

    [Fact]
    public async Task Address_that_is_no_address_is_reported_with_its_setting()
    {
        await using var service = await Service.StartAsync(_cancel, new() { ["services:api:http:0"] = "nonsense" });
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => service.Outbound.GetAsync("http://api/", _cancel));
        Assert.Contains("services:api:http:0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_out_of_range_stop_the_start() =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => Service.StartAsync(_cancel, new() { ["OutgoingHttp:Timeout"] = "00:00:00" }));

    private static Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }

    private async Task<HttpStatusCode> FirstAnswerAsync(HttpClient client, Uri address)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(address, deadline.Token);
                return response.StatusCode;
            }
            catch (CircuitOpenException)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }
}
