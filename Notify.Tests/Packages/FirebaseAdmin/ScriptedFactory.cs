using System.Collections.Concurrent;
using System.Net;
using Google.Apis.Http;

namespace Notify.Tests.Packages.FirebaseAdmin;

/// <summary>The documented way to put something else under the SDK: here a list of answers instead of the network.</summary>
internal sealed class ScriptedFactory(params Func<HttpResponseMessage>[] answers) : HttpClientFactory
{
    private int _next = -1;

    /// <summary>Requests that were made, with their bodies.</summary>
    public ConcurrentQueue<(HttpRequestMessage Request, string Body)> Requests { get; } = new();

    public int? Tries { get; init; }

    public static Func<HttpResponseMessage> Answer(HttpStatusCode status, string body) =>
        () => new HttpResponseMessage(status) { Content = new StringContent(body) };

    protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args)
    {
        if (Tries is { } tries)
            args.Initializers.Add(new SetTries(tries));
        return new Script(this);
    }

    private sealed class Script(ScriptedFactory factory) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            factory.Requests.Enqueue((request, await request.Content!.ReadAsStringAsync(cancellationToken)));
            var response = factory.Take()();
            response.RequestMessage = request;
            return response;
        }
    }

    private Func<HttpResponseMessage> Take() => answers[Math.Min(Interlocked.Increment(ref _next), answers.Length - 1)];

    private sealed class SetTries(int tries) : IConfigurableHttpClientInitializer
    {
        public void Initialize(ConfigurableHttpClient client) => client.MessageHandler.NumTries = tries;
    }
}
