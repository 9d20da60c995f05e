using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed;

[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class BatchTests(NotifyApp app)
{
    private const int Items = 1_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Good_items_of_a_batch_are_delivered_once_and_bad_ones_refused_by_themselves()
    {
        var notify = await app.ReadyAsync(Cancel);
        var mark = await notify.Sandbox.MarkAsync(Cancel);
        var addresses = Enumerable.Range(0, Items).Select(_ => Requests.NewEmail()).ToArray();
        var items = addresses.Select(address => Requests.Email(address)).ToArray();
        items[3] = new { recipients = new[] { new { email = "nobody" } }, message = new { title = "Hello", body = "It works." } };
        items[500] = new { surprise = true };
        items[999] = "no notification";

        using var response = await notify.Api.PostAsync("/v1/notifications/batch", new { notifications = items }, Cancel);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal((Items - 3, 3), (answer["accepted"]!.GetValue<int>(), answer["refused"]!.GetValue<int>()));
        var results = answer["results"]!.AsArray().Select(result => result!.AsObject()).ToList();
        Assert.Equal(
            [(3, 422), (500, 400), (999, 400)],
            results
                .Where(result => result["id"] is null)
                .Select(result => (result["index"]!.GetValue<int>(), result["status"]!.GetValue<int>()))
        );

        var expected = addresses.Where((_, index) => index is not (3 or 500 or 999)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var counts = await Until.GetAsync(
            async () =>
            {
                var seen = await notify.Sandbox.CountsAsync(mark, Cancel);
                return expected.All(seen.ContainsKey) ? seen : null;
            },
            _ => "every good item's mail arrived",
            Cancel
        );
        Assert.All(expected, address => Assert.Equal(1, counts[address]));
        Assert.DoesNotContain(addresses[3], counts.Keys);
        var last = results[998]["id"]!.GetValue<Guid>();
        Assert.Equal(addresses[998], (await notify.Api.SingleAsync(last, "sent", Cancel)).Address);
    }
}
