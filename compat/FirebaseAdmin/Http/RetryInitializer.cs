using Google.Apis.Http;
using Google.Apis.Util;

namespace FirebaseAdmin.Http;

/// <summary>
/// What the package does on its own when FCM fails: up to four repeats after an exception or a 503, backing off exponentially
/// or as long as Retry-After says, unless that is over 30 s. It acts through the client's message handler, so whoever makes the
/// client (<see cref="AppOptions.HttpClientFactory"/>) can take it back there, by <see cref="ConfigurableMessageHandler.NumTries"/>.
/// </summary>
internal sealed class RetryInitializer : IConfigurableHttpClientInitializer
{
    private const int MaxRetries = 4;

    private readonly BackOffHandler _backOff = new(
        new BackOffHandler.Initializer(new ExponentialBackOff(TimeSpan.Zero, MaxRetries))
        {
            MaxTimeSpan = TimeSpan.FromSeconds(30),
            RespectRetryAfterHeader = true,
        }
    );

    public void Initialize(ConfigurableHttpClient client)
    {
        client.MessageHandler.AddExceptionHandler(_backOff);
        client.MessageHandler.AddUnsuccessfulResponseHandler(_backOff);
        client.MessageHandler.NumTries = MaxRetries + 1;
    }
}
