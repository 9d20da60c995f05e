using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Notify.Core.Routing;

/// <summary>Registers what knows recipients' profiles.</summary>
public static class RoutingExtensions
{
    /// <summary>The cache of profiles; the Redis connection is registered beside it.</summary>
    public static IHostApplicationBuilder AddProfileCache(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProfileCache>();
        builder.Services.AddSingleton<PreferenceCache>();
        return builder;
    }
}
