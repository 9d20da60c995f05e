namespace Notify.Sandbox.Page;

/// <summary>The page that shows what arrived. Nothing on it comes from elsewhere, and no script but its own runs.</summary>
internal static class PageApi
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IEndpointRouteBuilder MapPage(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/", "index.html", "text/html; charset=utf-8");
        Map(routes, "/page.css", "page.css", "text/css; charset=utf-8");
        Map(routes, "/page.js", "page.js", "text/javascript; charset=utf-8");
        return routes;
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string file, string contentType)
    {
        var content = Read(file);
        routes.MapGet(path, (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = Policy;
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers["Referrer-Policy"] = "no-referrer";
            response.Headers.CacheControl = "no-cache";
            return Results.Bytes(content, contentType);
        });
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(PageApi).Assembly.GetManifestResourceStream("page/" + file)
            ?? throw new InvalidOperationException(
                $"The file {file} of the page is not part of this build; see the EmbeddedResource item in Notify.Sandbox.csproj."
            );
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
