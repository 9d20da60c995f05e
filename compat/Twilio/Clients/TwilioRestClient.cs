using Twilio.Exceptions;
using Twilio.Http;

namespace Twilio.Clients;

/// <summary>Adds credentials, region and edge to a request, has it made, and turns refusals and transport faults into exceptions.</summary>
public class TwilioRestClient : ITwilioRestClient
{
    private readonly string _username;
    private readonly string _password;

    public TwilioRestClient(string username, string password, string accountSid = null, string region = null, HttpClient httpClient = null, string edge = null)
    {
        _username = username;
        _password = password;
        AccountSid = accountSid ?? username;
        Region = region;
        HttpClient = httpClient ?? new SystemNetHttpClient();
        Edge = edge;
    }

    public HttpClient HttpClient { get; }

    public string AccountSid { get; }

    public string Region { get; }

    public string Edge { get; set; }

    public string[] UserAgentExtensions { get; set; }

    public Response Request(Request request)
    {
        Prepare(request);
        Response response;
        try
        {
            response = HttpClient.MakeRequest(request);
        }
        catch (Exception fault)
        {
            throw ConnectionFailed(request, fault);
        }
        return Checked(response);
    }

    public async Task<Response> RequestAsync(Request request)
    {
        Prepare(request);
        Response response;
        try
        {
            response = await HttpClient.MakeRequestAsync(request).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            throw ConnectionFailed(request, fault);
        }
        return Checked(response);
    }

    private void Prepare(Request request)
    {
        if (_username != null && _password != null)
            request.SetAuth(_username, _password);
        request.Region = Region ?? request.Region;
        request.Edge = Edge ?? request.Edge;
        request.UserAgentExtensions = UserAgentExtensions ?? request.UserAgentExtensions;
    }

    private static ApiConnectionException ConnectionFailed(Request request, Exception fault) =>
        new($"Connection error: {request.Method} {request.ConstructUrl()}", fault);

    private static Response Checked(Response response)
    {
        if (response == null)
            throw new ApiConnectionException("Connection error: there was no response");
        if ((int)response.StatusCode is >= 200 and < 400)
            return response;
        throw RefusalReader.Read(response);
    }
}
