using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FirebaseAdmin;
using FirebaseAdmin.Messaging;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Parts;

/// <summary>
/// Posts to FCM's interface over .NET's HTTP/2 client as the push worker sets it up: ready-made bodies by the client alone, or messages by
/// the Firebase SDK on top of it. The payload is the worker's own, as the sink saw it.
/// </summary>
internal static class BarePushLoop
{
    private const string Project = "benchmark";

    public static Task RunAsync(Func<Uri, string, Func<int, Task>> make)
    {
        var endpoint = new Uri($"http://127.0.0.1:{PartProgram.Number(BareLoop.PortVariable).ToString(CultureInfo.InvariantCulture)}");
        var sample = Encoding.UTF8.GetString(Convert.FromBase64String(PartProgram.Setting(BareLoop.SampleVariable)));
        var send = make(endpoint, sample);
        return BareLoop.RunAsync(() => Task.FromResult(send));
    }

    public static Func<int, Task> OverHttp(Uri endpoint, string sample)
    {
        using var read = JsonDocument.Parse(sample);
        var token = read.RootElement.GetProperty("message").GetProperty("token").GetString()!;
        var at = sample.IndexOf(token, StringComparison.Ordinal);
        var (before, after) = (sample[..at], sample[(at + token.Length)..]);
        var address = new Uri(endpoint, $"/v1/projects/{Project}/messages:send");
        var authorization = new AuthenticationHeaderValue("Bearer", "benchmark");
        var client = new HttpMessageInvoker(Transport());
        return async number =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{before}{NumberedAddress.Of(Channel.Push, number)}{after}"))
                {
                    Headers = { ContentType = new("application/json") { CharSet = "utf-8" } },
                },
            };
            request.Headers.Authorization = authorization;
            using var answer = await client.SendAsync(request, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
        };
    }

    public static Func<int, Task> OverSdk(Uri endpoint, string sample)
    {
        var app = FirebaseApp.Create(
            new AppOptions
            {
                Credential = GoogleCredential.FromAccessToken("benchmark"),
                ProjectId = Project,
                HttpClientFactory = new Factory(endpoint),
            }
        );
        var messaging = FirebaseMessaging.GetMessaging(app);
        using var read = JsonDocument.Parse(sample);
        var message = read.RootElement.GetProperty("message");
        var notification = message.GetProperty("notification");
        var (title, body) = (notification.GetProperty("title").GetString(), notification.GetProperty("body").GetString());
        return number => messaging.SendAsync(MessageOf(NumberedAddress.Of(Channel.Push, number), title!, body!));
    }

    private static SocketsHttpHandler Transport() =>
        new()
        {
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };

    private static Message MessageOf(string token, string title, string body)
    {
        var id = Guid.NewGuid().ToString("D");
        var now = TimeProvider.System.GetUtcNow();
        return new Message
        {
            Token = token,
            Notification = new Notification { Title = title, Body = body },
            Data = new Dictionary<string, string> { ["notify-delivery-id"] = id },
            Android = new AndroidConfig
            {
                Priority = Priority.Normal,
                TimeToLive = TimeSpan.FromDays(3),
                Notification = new AndroidNotification
                {
                    Tag = id,
                    DefaultSound = true,
                    EventTimestamp = now.UtcDateTime,
                },
            },
            Apns = new ApnsConfig
            {
                Headers = new Dictionary<string, string>
                {
                    ["apns-priority"] = "5",
                    ["apns-expiration"] = now.AddDays(3).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                    ["apns-collapse-id"] = id,
                },
                Aps = new Aps { Sound = "default" },
            },
        };
    }

    private sealed class Factory(Uri endpoint) : Google.Apis.Http.HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new ToSink(endpoint);
    }

    /// <summary>The SDK's address is fixed, and its requests say HTTP/1.1.</summary>
    private sealed class ToSink(Uri endpoint) : DelegatingHandler(Transport())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(endpoint, request.RequestUri!.PathAndQuery);
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
