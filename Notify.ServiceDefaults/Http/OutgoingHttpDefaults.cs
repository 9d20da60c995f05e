using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Notify.ServiceDefaults.Http;

/// <summary>Puts the handlers around every client, which here, unlike in ConfigureHttpClientDefaults, is known by its name.</summary>
internal sealed class OutgoingHttpDefaults(CircuitBreakers breakers, IConfiguration configuration, IOptionsMonitor<OutgoingHttpOptions> limits)
    : IConfigureNamedOptions<HttpClientFactoryOptions>
{
    public void Configure(HttpClientFactoryOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        var clientName = name ?? Options.DefaultName;
        // The handler's timeout ends with the headers; this one bounds a body that drips.
        options.HttpClientActions.Add(client => client.Timeout = limits.Get(clientName).Timeout * 2);
        options.HttpMessageHandlerBuilderActions.Add(builder =>
        {
            builder.AdditionalHandlers.Add(new ServiceAddressHandler(configuration));
            builder.AdditionalHandlers.Add(new CircuitBreakerHandler(breakers, clientName));
        });
    }
}
