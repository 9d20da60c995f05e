using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Notify.Sandbox;

namespace Notify.Tests.Sandbox;

/// <summary>A sandbox of the test's own, on ports of the system's choice.</summary>
internal sealed class SandboxFixture : IAsyncDisposable
{
    public const string Account = "ACtest";
    public const string DeviceToken = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;

    private SandboxFixture(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<SandboxAddresses>();
        SmtpPort = addresses.SmtpPort;
        Http = new HttpClient { BaseAddress = addresses.Http };
        Http2 = new HttpClient
        {
            BaseAddress = addresses.Http2,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public HttpClient Http { get; }

    public HttpClient Http2 { get; }

    public int SmtpPort { get; }

    public static async Task<SandboxFixture> StartAsync(params string[] settings)
    {
        var app = SandboxApp.Create(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", .. settings]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SandboxFixture(app);
    }

    public async Task<HttpResponseMessage> SendFcmAsync(string body, string? bearer = null, bool http2 = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/projects/demo/messages:send")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (http2)
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer ?? await AccessTokenAsync());
        return await (http2 ? Http2 : Http).SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> AccessTokenAsync()
    {
        using var response = await AskForTokenAsync(Jwts.Google());
        response.EnsureSuccessStatusCode();
        return (await JsonAsync(response)).GetProperty("access_token").GetString()!;
    }

    public async Task<HttpResponseMessage> AskForTokenAsync(string assertion, string grant = "urn:ietf:params:oauth:grant-type:jwt-bearer")
    {
        using var form = new FormUrlEncodedContent([new("grant_type", grant), new("assertion", assertion)]);
        return await Http.PostAsync(new Uri("/token", UriKind.Relative), form, TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> SendApnsAsync(
        string token = DeviceToken,
        string payload = """{"aps":{"alert":{"title":"Hello","body":"There"}}}""",
        Action<HttpRequestMessage>? change = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/3/device/" + token)
        {
            Content = new StringContent(payload),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("authorization", "bearer " + Jwts.Apns(TimeProvider.System.GetUtcNow()));
        request.Headers.TryAddWithoutValidation("apns-topic", "com.example.app");
        request.Headers.TryAddWithoutValidation("apns-push-type", "alert");
        change?.Invoke(request);
        return await Http2.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> SendSmsAsync(
        string? to = "+15005550006",
        string? from = "+15005550001",
        string? body = "Hello",
        string credentials = Account + ":secret",
        string? callback = null
    )
    {
        var fields = new Dictionary<string, string?>
        {
            ["To"] = to,
            ["From"] = from,
            ["Body"] = body,
            ["StatusCallback"] = callback,
        };
        using var content = new FormUrlEncodedContent(fields.Where(field => field.Value is not null)!);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/2010-04-01/Accounts/{Account}/Messages.json") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await JsonAsync(response);
    }

    public async Task<HttpResponseMessage> PutAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await Http.PutAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
    }

    public async Task BehaveAsync(string json)
    {
        using var response = await PutAsync("/sandbox/behaviours", json);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The only message that has arrived, in full.</summary>
    public async Task<JsonElement> SingleAsync()
    {
        var seq = Assert.Single((await GetAsync("/sandbox/messages")).EnumerateArray()).GetProperty("seq").GetInt64();
        return await GetAsync($"/sandbox/messages/{seq}");
    }

    public async Task<long> AcceptedAsync(string provider) =>
        (await GetAsync("/sandbox/stats")).GetProperty("accepted").GetProperty(provider).GetInt64();

    public static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await reached())
            await Task.Delay(20, deadline.Token);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Http2.Dispose();
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }
}
