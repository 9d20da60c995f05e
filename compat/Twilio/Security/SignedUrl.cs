namespace Twilio.Security;

/// <summary>The other spelling of a URL that Twilio may have signed: it is not consistent about the port.</summary>
internal static class SignedUrl
{
    /// <summary>Removes the port where one is written, else adds the scheme's own; every other character stays as it is.</summary>
    public static string WithOrWithoutPort(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#') is var length and >= 0 ? start + length : url.Length;
        var host = url.LastIndexOf('@', end - 1, end - start) + 1;
        var colon = url.LastIndexOf(':', end - 1, end - Math.Max(host, start));
        var isPort = colon >= 0 && !url.AsSpan(colon, end - colon).Contains(']');   // not inside an IPv6 address
        return isPort
            ? string.Concat(url.AsSpan(0, colon), url.AsSpan(end))
            : $"{url.AsSpan(0, end)}:{new Uri(url).Port}{url.AsSpan(end)}";
    }
}
