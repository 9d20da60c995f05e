using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Api;
using Notify.Api.Commands;
using Notify.Core.Data;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Hosting;

/// <summary>The Api on a port of the system's choice, with keys for two tenants.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string Key = "ntf_all";
    public const string OtherKey = "ntf_other_tenant";
    private readonly WebApplication _app;

    private ApiHost(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public static Task<ApiHost> StartAsync(string database, string kafka, string redis) => StartAsync(database, kafka, redis, null, []);

    /// <param name="database">Connection string, of a database that may be away.</param>
    /// <param name="kafka">Bootstrap servers.</param>
    /// <param name="redis">Address.</param>
    /// <param name="keysIn">Connection string by which the keys are made.</param>
    public static async Task<ApiHost> StartAsync(string database, string kafka, string redis, string keysIn)
    {
        await AddKeysAsync(keysIn);
        return await RunAsync(database, kafka, redis, null, []);
    }

    /// <param name="database">Connection string.</param>
    /// <param name="kafka">Bootstrap servers.</param>
    /// <param name="redis">Address.</param>
    /// <param name="time">The system's when left out.</param>
    /// <param name="settings">Such as <c>Accept:Burst=00:00:05</c>.</param>
    public static async Task<ApiHost> StartAsync(string database, string kafka, string redis, TimeProvider? time, params string[] settings)
    {
        await AddKeysAsync(database);
        return await RunAsync(database, kafka, redis, time, settings);
    }

    private static async Task<ApiHost> RunAsync(string database, string kafka, string redis, TimeProvider? time, string[] settings)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ApplicationName = "Notify.Api",
                EnvironmentName = Environments.Production,
                Args =
                [
                    "--urls=http://127.0.0.1:0",
                    "--Logging:LogLevel:Default=None",
                    $"--ConnectionStrings:notifydb={database}",
                    $"--ConnectionStrings:kafka={kafka}",
                    $"--ConnectionStrings:redis={redis}",
                    .. settings.Select(setting => "--" + setting),
                ],
            }
        );
        builder.AddServiceDefaults();
        builder.AddApi();
        if (time is not null)
            builder.Services.AddSingleton(time);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiHost(app);
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? key = Key,
        string? idempotencyKey = null,
        string contentType = "application/json",
        string? ifMatch = null
    ) =>
        SendAsync(
            method,
            path,
            body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(contentType)),
            key,
            idempotencyKey,
            ifMatch
        );

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        string? key,
        string? idempotencyKey = null,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task AddKeysAsync(string database)
    {
        await using var source = HotPathData.Create(database);
        var now = TimeProvider.System.GetUtcNow();
        (string Tenant, string Key, string[] Scopes)[] keys =
        [
            ("acme", Key, ["send", "read", "manage"]),
            ("other", OtherKey, ["send", "read", "manage"]),
            ("acme", "ntf_send", ["send"]),
            ("acme", "ntf_read", ["read"]),
            ("acme", "ntf_manage", ["manage"]),
            ("acme", "ntf_operate", ["manage", "operate"]),
        ];
        foreach (var (tenant, key, scopes) in keys)
            await KeyStore.AddAsync(source, tenant, key, key, scopes, null, now, TestContext.Current.CancellationToken);
    }
}
