namespace Notify.Sandbox.Http;

/// <summary>Copies the headers of a request for the record, without its credentials.</summary>
internal static class RequestHeaders
{
    public static string[] Copy(HttpRequest request)
    {
        var headers = new string[2 + (2 * request.Headers.Count)];
        headers[0] = request.Method;
        headers[1] = request.Path;
        var next = 2;
        foreach (var (name, value) in request.Headers)
        {
            headers[next++] = name;
            headers[next++] = string.Equals(name, "Authorization", StringComparison.OrdinalIgnoreCase)
                ? WithoutSecret(value.ToString())
                : value.ToString();
        }

        return headers;
    }

    private static string WithoutSecret(string value)
    {
        var scheme = value.AsSpan(0, Math.Max(0, value.IndexOf(' ')));
        return scheme switch
        {
            "Bearer" => "Bearer ***",
            "bearer" => "bearer ***",
            "Basic" => "Basic ***",
            _ => "***",
        };
    }
}
