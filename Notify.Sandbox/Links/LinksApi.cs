using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Sandbox.Control;

namespace Notify.Sandbox.Links;

/// <summary>From a message that arrived back to its notification and its trace. The API asks for a key, which a link in a browser cannot
/// carry: the sandbox asks for it.</summary>
internal static class LinksApi
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddLinks(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<LinksOptions>(configuration.GetSection(LinksOptions.SectionName));
        services.AddHttpClient(nameof(LinksApi), client => client.Timeout = s_patience).RemoveAllLoggers();
        return services;
    }

    public static IEndpointRouteBuilder MapLinks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sandbox");
        group.MapGet("/links", (IOptions<LinksOptions> options) =>
            Results.Json(
                new LinksView(options.Value.Api, options.Value.ApiKey, HasTraces: options.Value is { Api: not null, Dashboard: not null }),
                SandboxJson.Readable.LinksView
            )
        );
        group.MapGet(
            "/deliveries/{id:guid}",
            async (Guid id, IOptions<LinksOptions> options, IHttpClientFactory clients, CancellationToken cancellationToken) =>
            {
                var (notification, problem) = await FindAsync(id, options.Value, clients, cancellationToken);
                return problem ?? Results.Text(notification!, "application/json");
            }
        );
        group.MapGet(
            "/deliveries/{id:guid}/trace",
            async (Guid id, IOptions<LinksOptions> options, IHttpClientFactory clients, CancellationToken cancellationToken) =>
            {
                if (options.Value.Dashboard is not { } dashboard)
                    return Results.Problem("No dashboard runs beside this sandbox.", statusCode: StatusCodes.Status404NotFound);
                var (notification, problem) = await FindAsync(id, options.Value, clients, cancellationToken);
                return problem
                    ?? (
                        TraceOf(notification!) is { } trace
                            ? Results.Redirect(new Uri(dashboard, $"/traces/detail/{trace}").ToString())
                            : Results.Problem(
                                "This notification has no trace: it came without one.",
                                statusCode: StatusCodes.Status404NotFound
                            )
                    );
            }
        );
        return routes;
    }

    private static async Task<(string? Notification, IResult? Problem)> FindAsync(
        Guid id,
        LinksOptions options,
        IHttpClientFactory clients,
        CancellationToken cancellationToken
    )
    {
        if (options.Api is null)
            return (null, Results.Problem("No Notify API runs beside this sandbox.", statusCode: StatusCodes.Status404NotFound));
        using var client = clients.CreateClient(nameof(LinksApi));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Api, $"/v1/deliveries/{id}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode
                ? (await answer.Content.ReadAsStringAsync(cancellationToken), null)
                : (
                    null,
                    Results.Problem(
                        $"The Notify API answered {(int)answer.StatusCode}.",
                        statusCode: answer.StatusCode == HttpStatusCode.NotFound ? 404 : 502
                    )
                );
        }
        catch (Exception fault)
            when (fault is HttpRequestException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, Results.Problem("The Notify API does not answer.", statusCode: StatusCodes.Status502BadGateway));
        }
    }

    private static string? TraceOf(string notification)
    {
        using var json = JsonDocument.Parse(notification);
        return json.RootElement.TryGetProperty("traceId", out var trace) ? trace.GetString() : null;
    }
}

/// <summary>What the page may link to.</summary>
internal sealed record LinksView(Uri? Api, string? ApiKey, bool HasTraces);
