using System.Net;
using Google.Apis.Http;

namespace Notify.Workers.Push.Fcm;

/// <summary>
/// HTTP clients for Google's libraries that make one call where those would repeat it: the delivery's own schedule is the only thing
/// that retries. The libraries install their back-off through the initializers of the client being made, which run in their order
/// after the handler is created; one more at the end has the last word. With one try their handlers are asked, decline, and
/// the true answer or exception comes through at once.
/// </summary>
internal class SingleTryHttpClientFactory : HttpClientFactory
{
    protected sealed override HttpMessageHandler CreateHandler(CreateHttpClientArgs args)
    {
        args.Initializers.Add(new LastInitializer(this));
        return CreateTransport(args);
    }

    /// <summary>Their own handler would send our trace along; a trace is nobody else's business.</summary>
    protected virtual HttpMessageHandler CreateTransport(CreateHttpClientArgs args) =>
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows DNS
            ActivityHeadersPropagator = null,
        };

    protected virtual void Finish(ConfigurableMessageHandler handler)
    {
        handler.NumTries = 1;
        handler.FollowRedirect = false; // a redirect from these interfaces is a wrong address, not a way
    }

    private sealed class LastInitializer(SingleTryHttpClientFactory factory) : IConfigurableHttpClientInitializer
    {
        public void Initialize(ConfigurableHttpClient client) => factory.Finish(client.MessageHandler);
    }
}
