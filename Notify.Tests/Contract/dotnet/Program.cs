// Drives the API with the client that was generated from its description. Fails at the first answer that is not what the description says.
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using Notify.Generated;
using Notify.Generated.Models;

const string prefix = "dotnet";
var url = Environment.GetEnvironmentVariable("NOTIFY_URL")!;
var waiting = Guid.Parse(Environment.GetEnvironmentVariable("NOTIFY_WAITING")!);
var recipient = Environment.GetEnvironmentVariable("NOTIFY_RECIPIENT")!;
var notify = ClientOf(Environment.GetEnvironmentVariable("NOTIFY_KEY")!);

await SendAsync();
await ReadAsync();
await PageAsync();
await SeeProblemsAsync();
return 0;

async Task SendAsync()
{
    var request = Request("ada@example.test");
    var headers = new HeadersInspectionHandlerOption { InspectResponseHeaders = true };
    var first = await notify.V1.Notifications.PostAsync(request, call => call.Headers.Add("Idempotency-Key", $"{prefix}-send"));
    var again = await notify.V1.Notifications.PostAsync(request, call =>
    {
        call.Headers.Add("Idempotency-Key", $"{prefix}-send");
        call.Options.Add(headers);
    });
    Equal(first!.Id, again!.Id);
    Equal("true", headers.ResponseHeaders["Idempotency-Replayed"].Single());

    var batch = await notify.V1.Notifications.Batch.PostAsync(
        new BatchRequest { Notifications = [Request("ada@example.test"), Request("nowhere")] }
    );
    Equal<(int?, int?)>((1, 1), (batch!.Accepted, batch.Refused));
    Equal("notifications[1].recipients[1].email", batch.Results![1].Problem!.Errors![0].Field);
    Console.WriteLine("send: as described");
}

async Task ReadAsync()
{
    var found = await notify.V1.Notifications[waiting].GetAsync();
    Equal(DeliveryState.Waiting, found!.Deliveries![0].State);
    Equal(TimeSpan.Zero, found.AcceptedAt!.Value.Offset);
    var listed = await notify.V1.Notifications.GetAsync(call =>
        (call.QueryParameters.Recipient, call.QueryParameters.State, call.QueryParameters.Limit) = (recipient, DeliveryState.Waiting, 10)
    );
    Equal(waiting, listed!.Items!.Single().Id);
    var cancelled = await notify.V1.Notifications[waiting].DeleteAsync();
    Equal<(int?, int?)>((1, 0), (cancelled!.Cancelled, cancelled.AlreadySent));
    Console.WriteLine("read: as described");
}

async Task PageAsync()
{
    foreach (var name in new[] { "a", "b", "c" })
        Equal(
            $"{prefix}-{name}",
            (await notify.V1.Recipients[$"{prefix}-{name}"].PutAsync(new RecipientRequest { Email = $"{prefix}@example.test" }))!.Id
        );
    var device = await notify
        .V1.Recipients[$"{prefix}-a"]
        .Devices["phone"]
        .PutAsync(new DeviceRequest { Platform = Platform.Apns, Token = $"{prefix}-token" });
    Equal(DeviceState.Active, device!.State);

    var ids = new List<string?>();
    string? cursor = null;
    do
    {
        var page = await notify.V1.Recipients.GetAsync(call =>
            (call.QueryParameters.Email, call.QueryParameters.Limit, call.QueryParameters.Cursor) = ($"{prefix}@example.test", 2, cursor)
        );
        ids.AddRange(page!.Items!.Select(item => item.Id));
        cursor = page.Next;
    } while (cursor is not null);
    Equal($"{prefix}-a {prefix}-b {prefix}-c", string.Join(' ', ids));
    Console.WriteLine("page: as described");
}

async Task SeeProblemsAsync()
{
    var refused = await RefusedAsync(() => notify.V1.Notifications.PostAsync(Request("nowhere")));
    Equal<(int?, string?, string?)>(
        (422, "urn:notify:problem:invalid", "invalid"),
        (refused.Status, refused.Type, refused.Errors![0].Rule)
    );
    Equal(refused.Detail, refused.Message);
    Equal(404, (await RefusedAsync(() => notify.V1.Notifications[Guid.NewGuid()].GetAsync())).Status);
    Equal(
        "state",
        (await RefusedAsync(() => notify.V1.Notifications.GetAsync(call => call.QueryParameters.State = DeliveryState.Failed)))
            .Errors![0]
            .Field
    );
    Equal(401, (await RefusedAsync(() => ClientOf("ntf_unknown").V1.Recipients.GetAsync())).Status);
    Console.WriteLine("seeProblems: as described");
}

static NotificationRequest Request(string email) =>
    new()
    {
        Recipients =
        [
            new() { Id = "user-1" },
            new()
            {
                Email = email,
                Push = new() { Platform = Platform.Fcm, Token = "adas-phone" },
            },
        ],
        Channels = [Channel.Email, Channel.Push],
        Type = NotificationType.Transactional,
        Priority = Priority.High,
        Message = new()
        {
            Title = "Hello",
            Body = "Ada",
            Email = new() { Subject = "Hello" },
        },
        Ttl = 3600,
    };

NotifyApi ClientOf(string key) =>
    new(new HttpClientRequestAdapter(new BaseBearerTokenAuthenticationProvider(new StaticKey(key))) { BaseUrl = url });

static async Task<Problem> RefusedAsync<T>(Func<Task<T>> call)
{
    try
    {
        await call();
    }
    catch (Problem problem)
    {
        return problem;
    }
    throw new InvalidOperationException("The request was not refused.");
}

static void Equal<T>(T expected, T actual)
{
    if (!EqualityComparer<T>.Default.Equals(expected, actual))
        throw new InvalidOperationException($"Expected {expected}, got {actual}.");
}

internal sealed class StaticKey(string key) : IAccessTokenProvider
{
    public AllowedHostsValidator AllowedHostsValidator { get; } = new();

    public Task<string> GetAuthorizationTokenAsync(
        Uri uri,
        Dictionary<string, object>? additionalAuthenticationContext = null,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(key);
}
