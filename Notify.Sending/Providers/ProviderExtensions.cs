using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Sending.Adapters;

namespace Notify.Sending.Providers;

/// <summary>The settings of a provider's account.</summary>
public interface IProviderOptions
{
    /// <summary>The section of the configuration that has them.</summary>
    static abstract string Section { get; }

    /// <summary>Whether they say anything about an account; then all that the provider needs has to be there.</summary>
    bool IsConfigured { get; }
}

/// <summary>Registers providers.</summary>
public static class ProviderExtensions
{
    /// <summary>
    /// Adds a provider where its settings say anything about an account, and then checks them when the worker starts. Providers are asked
    /// in the order in which they are added.
    /// </summary>
    /// <param name="builder">The worker's.</param>
    /// <param name="addParts">Adds what the provider needs beside its options and the clock.</param>
    /// <param name="wrap">What stands before the provider, and disposes it.</param>
    /// <typeparam name="TMessage">The channel's message.</typeparam>
    /// <typeparam name="TProvider">The adapter.</typeparam>
    /// <typeparam name="TOptions">Its settings.</typeparam>
    /// <typeparam name="TValidator">Their check.</typeparam>
    public static IHostApplicationBuilder AddProvider<TMessage, TProvider, TOptions, TValidator>(
        this IHostApplicationBuilder builder,
        Action<IServiceCollection>? addParts = null,
        Func<IServiceProvider, IProvider<TMessage>, IProvider<TMessage>>? wrap = null
    )
        where TProvider : class, IProvider<TMessage>
        where TOptions : class, IProviderOptions
        where TValidator : class, IValidateOptions<TOptions>
    {
        var section = builder.Configuration.GetSection(TOptions.Section);
        if (section.Get<TOptions>() is not { IsConfigured: true })
            return builder;
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<TOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        addParts?.Invoke(builder.Services);
        if (wrap is null)
            builder.Services.AddSingleton<IProvider<TMessage>, TProvider>();
        else
            builder.Services.AddSingleton(services => wrap(services, ActivatorUtilities.CreateInstance<TProvider>(services)));
        return builder;
    }
}
