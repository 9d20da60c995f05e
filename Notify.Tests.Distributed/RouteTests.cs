using Notify.Tests.Support;

namespace Notify.Tests.Distributed;

/// <summary>Two providers a channel, in an application of its own: what breaks here would disturb the other tests.</summary>
[Collection(Faults.FaultTests.Name)]
[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class RouteTests : IAsyncDisposable
{
    private readonly NotifyApp _app = new(
        [],
        new Dictionary<string, string>
        {
            ["Delivery__Breaker__MinimumCalls"] = "10",
            ["Delivery__Breaker__FailuresInARow"] = "3",
            ["Delivery__Breaker__Misconfigured"] = "2",
            ["Delivery__Breaker__Break"] = "00:00:01",
            ["Delivery__Breaker__MaxBreak"] = "00:00:02",
        },
        fallbacks: true
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Next_provider_takes_over_and_the_first_comes_back()
    {
        var notify = await _app.ReadyAsync(Cancel);
        await notify.Sandbox.MisbehaveAsync(new { provider = "twilio", status = 503 }, Cancel);

        var phones = Enumerable.Range(0, 60).Select(_ => Requests.NewPhone()).ToList();
        var sms = await Task.WhenAll(phones.Select(phone => notify.Api.AcceptedAsync(Requests.Sms(phone), Cancel)));
        foreach (var id in sms)
            await notify.Api.SingleAsync(id, "sent", Cancel);

        foreach (var phone in phones)
            Assert.Equal("gateway", (await notify.Sandbox.SingleToAsync(phone, Cancel)).Provider);

        await notify.Sandbox.BehaveAsync("twilio", null, Cancel);
        await Until.GetAsync(
            async () =>
            {
                var ids = await Task.WhenAll(
                    Enumerable.Range(0, 25).Select(_ => notify.Api.AcceptedAsync(Requests.Sms(Requests.NewPhone()), Cancel))
                ); // every twentieth looks whether the first works again
                var providers = await Task.WhenAll(
                    ids.Select(async id => (await notify.Api.SingleAsync(id, "sent", Cancel)).Attempts[^1].Provider)
                );
                return providers.Contains("twilio") ? "" : null;
            },
            _ => "Twilio takes messages again",
            Cancel
        );
    }
}
