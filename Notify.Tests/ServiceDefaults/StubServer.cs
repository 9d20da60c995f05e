using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Notify.Tests.ServiceDefaults;

/// <summary>A peer on a loopback port that answers as it is told and counts what reached it.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private StubServer(WebApplication app) => _app = app;

    public int Requests => Volatile.Read(ref _requests);

    public Uri Address => new(_app.Urls.Single());

    public RequestDelegate Answer { get; set; } =
        context => context.Response.WriteAsync(context.Request.Path + context.Request.QueryString);

    public static async Task<StubServer> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new StubServer(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref server._requests);
            return server.Answer(context);
        });
        await app.StartAsync(cancellationToken);
        return server;
    }

    public static RequestDelegate Status(int code) =>
        context =>
        {
            context.Response.StatusCode = code;
            return Task.CompletedTask;
        };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
