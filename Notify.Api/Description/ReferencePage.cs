using Scalar.AspNetCore;

namespace Notify.Api.Description;

/// <summary>The API's description as a page at <c>/docs</c>, to read and to try requests with. All of it comes from this process.</summary>
internal static class ReferencePage
{
    // The browser holds the page to it: nothing is fetched from elsewhere, and requests go nowhere else.
    private const string Policy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapReferencePage(this IEndpointRouteBuilder routes) =>
        routes
            .MapScalarApiReference("/docs", options =>
                options
                    .WithTitle("Notify API")
                    .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                    .AddDocument(ApiDescription.Document, "Notify")
                    .AddPreferredSecuritySchemes(DescribedOperations.Key)
                    .DisableDefaultFonts()
                    .DisableTelemetry()
                    .DisableAgent()
                    .DisableMcp()
                    .HideClientButton()
            )
            .Add(endpoint =>
            {
                var answer = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = context =>
                {
                    context.Response.Headers.ContentSecurityPolicy = Policy;
                    context.Response.Headers.XContentTypeOptions = "nosniff";
                    return answer(context);
                };
            });
}
