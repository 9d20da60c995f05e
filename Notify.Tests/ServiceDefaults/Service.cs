using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Notify.Tests.ServiceDefaults;

/// <summary>A small production service with the defaults, on Kestrel.</summary>
internal sealed class Service(WebApplication app) : IAsyncDisposable
{
    public IServiceProvider Services => app.Services;

    public HttpClient Inbound { get; } = new() { BaseAddress = new Uri(app.Urls.Single()) };

    public HttpClient Outbound => Services.GetRequiredService<IHttpClientFactory>().CreateClient("peer");

    public static async Task<Service> StartAsync(
        CancellationToken cancellationToken,
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null
    )
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync(cancellationToken);
        return new Service(app);
    }

    public ValueTask DisposeAsync()
    {
        Inbound.Dispose();
        return app.DisposeAsync();
    }
}
