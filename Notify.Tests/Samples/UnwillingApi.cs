using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Notify.Tests.Samples;

/// <summary>Answers as the API does, and lets each Idempotency-Key wait first: what a client does about that is what is tested.</summary>
internal sealed class UnwillingApi : IAsyncDisposable
{
    private static readonly object[] s_errors =
    [
        new
        {
            field = "recipients[0].email",
            rule = "invalid",
            message = "Not a mail address.",
        },
    ];

    private readonly WebApplication _app;
    private readonly Action<HttpContext>[] _first;
    private readonly ConcurrentDictionary<string, int> _tries = new();
    private readonly ConcurrentDictionary<string, Guid> _ids = new();

    private UnwillingApi(WebApplication app, Action<HttpContext>[] first) => (_app, _first) = (app, first);

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>How often each key came.</summary>
    public IReadOnlyDictionary<string, int> Tries => _tries;

    /// <param name="first">What the first requests of a key meet, in this order; those after them are accepted.</param>
    public static async Task<UnwillingApi> StartAsync(params Action<HttpContext>[] first)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new UnwillingApi(builder.Build(), first);
        api._app.MapPost("/v1/notifications", api.AcceptAsync);
        api._app.MapGet("/v1/notifications/{id:guid}", (Guid id) => Results.Json(
                new
                {
                    id,
                    deliveries = new[]
                    {
                        new
                        {
                            id = Guid.NewGuid(),
                            channel = "email",
                            state = "sent",
                            provider = "smtp",
                            attempts = Array.Empty<object>(),
                        },
                    },
                }
            ));
        await api._app.StartAsync(TestContext.Current.CancellationToken);
        return api;
    }

    public static Action<HttpContext> HangUp { get; } = http => http.Abort();

    public static Action<HttpContext> Refuse(int status, string retryAfter) =>
        http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = retryAfter;
        };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AcceptAsync(HttpContext http)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var tries = _tries.AddOrUpdate(key, 1, (_, before) => before + 1);
        if (body.Contains("ada at example.test", StringComparison.Ordinal))
        {
            await Results
                .Problem(
                    type: "urn:notify:problem:invalid",
                    statusCode: StatusCodes.Status422UnprocessableEntity,
                    extensions: new Dictionary<string, object?> { ["errors"] = s_errors }
                )
                .ExecuteAsync(http);
            return;
        }
        if (tries <= _first.Length)
        {
            _first[tries - 1](http);
            return;
        }
        // A key belongs to one body: a client that changes it between two tries would be refused.
        var id = _ids.GetOrAdd($"{key} {body}", _ => Guid.CreateVersion7());
        if (tries > _first.Length + 1)
            http.Response.Headers["Idempotency-Replayed"] = "true";
        await Results.Accepted(null, new { id }).ExecuteAsync(http);
    }
}
