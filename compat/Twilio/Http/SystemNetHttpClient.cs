using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using NetHttp = System.Net.Http;

namespace Twilio.Http;

/// <summary>Makes requests with the runtime's client.</summary>
public class SystemNetHttpClient : HttpClient
{
    private readonly NetHttp.HttpClient _httpClient;

    public SystemNetHttpClient(NetHttp.HttpClient httpClient = null) =>
        _httpClient = httpClient ?? new NetHttp.HttpClient(new NetHttp.HttpClientHandler { AllowAutoRedirect = false });

    public override Response MakeRequest(Request request)
    {
        using var message = Begin(request);
        using var answer = _httpClient.Send(message);
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        return Ended(new Response(answer.StatusCode, reader.ReadToEnd(), answer.Headers));
    }

    public override async Task<Response> MakeRequestAsync(Request request)
    {
        using var message = Begin(request);
        using var answer = await _httpClient.SendAsync(message).ConfigureAwait(false);
        var text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
        return Ended(new Response(answer.StatusCode, text, answer.Headers));
    }

    private NetHttp.HttpRequestMessage Begin(Request request)
    {
        LastRequest = request;
        LastResponse = null;
        var message = new NetHttp.HttpRequestMessage(new NetHttp.HttpMethod(request.Method.ToString()), request.ConstructUrl());
        if (!request.Method.Equals(HttpMethod.Get))
            message.Content = new NetHttp.FormUrlEncodedContent(request.PostParams);
        if (request.Username != null && request.Password != null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Credentials(request));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent(request));
        foreach (var (name, value) in request.HeaderParams)
            message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    private static string Credentials(Request request) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{request.Username}:{request.Password}"));

    private Response Ended(Response response) => LastResponse = response;

    private static string UserAgent(Request request) =>
        string.Join(' ', [$"twilio-csharp/7.14.9 ({Environment.OSVersion.Platform} {RuntimeInformation.OSArchitecture})", .. request.UserAgentExtensions ?? []]);
}
