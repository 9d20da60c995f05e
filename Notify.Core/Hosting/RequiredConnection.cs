using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Notify.Core.Hosting;

/// <summary>Stands for the demand that a connection string is set; checked when the service starts.</summary>
internal sealed class RequiredConnection;

internal static class RequiredConnectionExtensions
{
    /// <summary>Fails the start, naming the setting, where <c>ConnectionStrings:name</c> is missing.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="example">What it looks like.</param>
    public static void RequireConnection(this IHostApplicationBuilder builder, string name, string example) =>
        builder
            .Services.AddOptions<RequiredConnection>(name)
            .Validate<IConfiguration>(
                (_, configuration) => !string.IsNullOrWhiteSpace(configuration.GetConnectionString(name)),
                $"ConnectionStrings:{name} is missing. Set it (environment: ConnectionStrings__{name}) to something like {example}."
            )
            .ValidateOnStart();
}
