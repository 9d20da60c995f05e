using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Notify.ServiceDefaults.Http;

internal static class OutgoingHttpExtensions
{
    /// <summary>Every client of the factory: a timeout, a circuit breaker, service addresses, no retries, and no log lines of URLs.</summary>
    public static void AddNotifyHttpClientDefaults(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(OutgoingHttpOptions.SectionName);
        builder.Services.ConfigureAll<OutgoingHttpOptions>(section.Bind);
        builder.Services.AddOptions<OutgoingHttpOptions>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<OutgoingHttpOptions>, OutgoingHttpOptionsValidator>();

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CircuitBreakers>();
        builder.Services.ConfigureHttpClientDefaults(http => http.RemoveAllLoggers());   // paths hold device tokens
        builder.Services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>, OutgoingHttpDefaults>();
    }
}
