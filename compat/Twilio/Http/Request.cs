using System.Net;
using Twilio.Rest;

namespace Twilio.Http;

/// <summary>One call to the API: method, address, form and credentials.</summary>
public class Request
{
    private const string DefaultRegion = "us1";

    public Request(HttpMethod method, string url)
    {
        Method = method;
        Uri = new Uri(url);
        QueryParams = [];
        PostParams = [];
        HeaderParams = [];
    }

    public Request(
        HttpMethod method,
        Domain domain,
        string uri,
        string region = null,
        List<KeyValuePair<string, string>> queryParams = null,
        List<KeyValuePair<string, string>> postParams = null,
        string edge = null,
        List<KeyValuePair<string, string>> headerParams = null)
    {
        Method = method;
        Uri = new Uri($"https://{domain}.twilio.com{uri}");
        Region = region;
        Edge = edge;
        QueryParams = queryParams ?? [];
        PostParams = postParams ?? [];
        HeaderParams = headerParams ?? [];
    }

    public HttpMethod Method { get; }

    public Uri Uri { get; private set; }

    public string Username { get; set; }

    public string Password { get; set; }

    public string Region { get; set; }

    public string Edge { get; set; }

    public string[] UserAgentExtensions { get; set; }

    public List<KeyValuePair<string, string>> QueryParams { get; private set; }

    public List<KeyValuePair<string, string>> PostParams { get; private set; }

    public List<KeyValuePair<string, string>> HeaderParams { get; private set; }

    public void SetAuth(string username, string password)
    {
        Username = username;
        Password = password;
    }

    public void AddQueryParam(string name, string value) => QueryParams.Add(new(name, value));

    public void AddPostParam(string name, string value) => PostParams.Add(new(name, value));

    public void AddHeaderParam(string name, string value) => HeaderParams.Add(new(name, value));

    /// <summary>The address to call, with region, edge and query.</summary>
    public Uri ConstructUrl()
    {
        var address = WithRegion();
        return QueryParams.Count == 0
            ? address
            : new Uri(address.AbsoluteUri + "?" + string.Join('&', QueryParams.Select(pair => $"{WebUtility.UrlEncode(pair.Key)}={WebUtility.UrlEncode(pair.Value)}")));
    }

    /// <summary>A host is <c>product[.edge][.region].twilio.com</c>; an edge without a region means the default region.</summary>
    private Uri WithRegion()
    {
        if (Region == null && Edge == null)
            return Uri;
        var labels = Uri.Host.Split('.');
        var region = Region ?? labels.Length switch { 4 => labels[1], 5 => labels[2], _ => null };
        var edge = Edge ?? (labels.Length == 5 ? labels[1] : null);
        if (edge != null)
            region ??= DefaultRegion;
        string[] parts = [labels[0], edge, region, .. labels[^2..]];
        return new UriBuilder(Uri) { Host = string.Join('.', parts.Where(part => !string.IsNullOrEmpty(part))) }.Uri;
    }
}
