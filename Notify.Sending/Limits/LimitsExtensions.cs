using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Notify.Sending.Limits;

/// <summary>Registers rate limits of credentials and devices.</summary>
public static class LimitsExtensions
{
    /// <summary><see cref="RateLimiters"/> and <see cref="AddressLimiter"/>; the Redis connection is registered beside it.</summary>
    public static IHostApplicationBuilder AddLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        builder.Services.AddOptions<DeviceLimitOptions>().BindConfiguration(DeviceLimitOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DeviceLimitOptions>, DeviceLimitOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<LimitMetrics>();
        builder.Services.AddSingleton<RateLimiters>();
        builder.Services.AddSingleton<AddressLimiter>();
        return builder;
    }
}
