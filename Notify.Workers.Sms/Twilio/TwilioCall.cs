using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Twilio.Http;
using NetHttp = System.Net.Http;
using SdkHttpClient = Twilio.Http.HttpClient;

namespace Notify.Workers.Sms.Twilio;

/// <summary>
/// How the SDK's one request of one attempt travels. It adds what the SDK lacks: cancellation, another host, and a memory of how
/// far the exchange came, which the SDK's exceptions do not tell.
/// </summary>
internal sealed class TwilioCall(NetHttp.HttpClient http, Uri? endpoint, TimeProvider clock, CancellationToken cancellationToken)
    : SdkHttpClient
{
    /// <summary>A longer answer is no answer of Twilio's.</summary>
    private const int MaxAnswerBytes = 256 * 1024;

    private static readonly TimeSpan LongestWait = Sending.Http.RetryAfter.Longest;

    private volatile bool _mayHaveArrived;

    /// <summary>Whether any of the form may have reached the peer: before that nothing can have been sent to anyone.</summary>
    public bool MayHaveArrived => _mayHaveArrived;

    /// <summary>The answer's status, known even where its body was lost; null without an answer.</summary>
    public HttpStatusCode? Status { get; private set; }

    /// <summary>How long the answer asks to wait.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    public override Response MakeRequest(Request request) =>
        throw new NotSupportedException("Requests to Twilio are made asynchronously; call MakeRequestAsync.");

    public override async Task<Response> MakeRequestAsync(Request request)
    {
        using var form = new RequestForm(request.PostParams, started: () => _mayHaveArrived = true);
        using var message = new HttpRequestMessage(new NetHttp.HttpMethod(request.Method.ToString()), AddressOf(request))
        {
            Content = form,
        };
        message.Headers.Authorization = new(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{request.Username}:{request.Password}"))
        );
        message.Headers.Accept.Add(new("application/json"));
        message.Headers.UserAgent.Add(new("Notify", null));

        using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Status = answer.StatusCode;
        RetryAfter = WaitOf(answer.Headers.RetryAfter);
        await answer.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        return new Response(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken), answer.Headers);
    }

    private Uri AddressOf(Request request)
    {
        var address = request.ConstructUrl();
        return endpoint is null ? address : new Uri(endpoint.AbsoluteUri.TrimEnd('/') + address.PathAndQuery);
    }

    /// <summary>A date that has passed asks for nothing, and none for more than a day.</summary>
    private TimeSpan? WaitOf(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - clock.GetUtcNow();
        return wait > LongestWait ? LongestWait
            : wait > TimeSpan.Zero ? wait
            : null;
    }
}
