using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>Stands for the demand that a channel has a provider at all; checked when the worker starts.</summary>
public sealed class ProviderRequirement<TMessage>;

public static class ProviderRequirementExtensions
{
    /// <summary>Fails the start with <paramref name="fault"/> where no provider of the channel was configured.</summary>
    public static IHostApplicationBuilder RequireProvider<TMessage>(this IHostApplicationBuilder builder, string fault)
    {
        builder
            .Services.AddOptions<ProviderRequirement<TMessage>>()
            .Validate<IServiceProviderIsService>((_, services) => services.IsService(typeof(IProvider<TMessage>)), fault)
            .ValidateOnStart();
        return builder;
    }
}
