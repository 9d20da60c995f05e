using Microsoft.Extensions.DependencyInjection;
using Notify.Sample;

var address = new Uri(Environment.GetEnvironmentVariable("NOTIFY_URL") ?? "http://localhost:5310");
var key = Environment.GetEnvironmentVariable("NOTIFY_KEY") ?? "notify-development-key";

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

await using var services = new ServiceCollection().AddNotifyClient(address, key).Services.BuildServiceProvider();
var notify = services.GetRequiredService<NotifyClient>();

try
{
    return await ShipAsync() ? 0 : 1;
}
catch (NotifyProblemException refused)
{
    Console.Error.WriteLine(refused.Message);
    return 1;
}
catch (Exception failure) when (failure is HttpRequestException or TimeoutException or OperationCanceledException)
{
    Console.Error.WriteLine($"{failure.Message} (Notify is expected at {address}; NOTIFY_URL names another place.)");
    return 1;
}

async Task<bool> ShipAsync()
{
    var order = Guid.NewGuid().ToString("N")[..8];
    var shipped = new NotificationRequest
    {
        Recipients =
        [
            new()
            {
                Email = "ada@example.test",
                Phone = "+15005550009",
                Push = new("fcm", "adas-phone"),
            },
        ],
        Message = new("Your order has been shipped", $"Order {order} arrives tomorrow between 9 and 12.")
        {
            Email = new(Html: $"<p>Order <b>{order}</b> arrives tomorrow between 9 and 12.</p>"),
            Sms = new($"Order {order} is on its way."),
        },
        Category = "orders",
    };

    // The key names what happened, so a job that runs twice, or a retry after a lost answer, sends nothing twice.
    var first = await notify.SendAsync(shipped, $"order-{order}-shipped", stop.Token);
    Console.WriteLine($"Accepted as {first.Id}.");
    var second = await notify.SendAsync(shipped, $"order-{order}-shipped", stop.Token);
    Console.WriteLine($"Sent again with the same key: {second.Id}, {(second.Replayed ? "counted once" : "counted twice")}.");

    var refused = await IsRefusedAsync(shipped with { Recipients = [new() { Email = "ada at example.test" }] });

    var status = await notify.WaitUntilSettledAsync(first.Id, TimeSpan.FromMinutes(1), stop.Token);
    foreach (var delivery in status.Deliveries)
        Console.WriteLine($"{delivery.Channel, -6} {delivery.State, -10} {delivery.Provider, -8} {delivery.Reason}");
    return refused && second == first with { Replayed = true } && status.Deliveries.All(delivery => delivery.IsSent);
}

// A request that breaks a rule is refused whole, with everything that is wrong with it; sending it again would change nothing.
async Task<bool> IsRefusedAsync(NotificationRequest wrong)
{
    try
    {
        await notify.SendAsync(wrong, Guid.NewGuid().ToString(), stop.Token);
        return false;
    }
    catch (NotifyProblemException refused) when (refused.Problem.Errors is { } errors)
    {
        Console.WriteLine($"A wrong one is refused with {(int)refused.Status} {refused.Problem.Type}:");
        foreach (var error in errors)
            Console.WriteLine($"  {error.Field} ({error.Rule}): {error.Message}");
        return true;
    }
}
