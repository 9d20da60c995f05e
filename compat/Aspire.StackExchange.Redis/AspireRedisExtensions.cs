using Aspire;
using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers an <see cref="IConnectionMultiplexer"/> as a singleton, keyed by its name for the keyed twin, with a health check.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    public static void AddRedisClient(
        this IHostApplicationBuilder builder, string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null, Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder, string name,
        Action<StackExchangeRedisSettings>? configureSettings = null, Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static void Add(
        IHostApplicationBuilder builder, string name, string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings, Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var general = builder.Configuration.GetSection(Section);
        IConfigurationSection[] sections = [general, general.GetSection(name)];
        var settings = new StackExchangeRedisSettings();
        foreach (var section in sections)
            section.Bind(settings);
        if (builder.Configuration.GetConnectionString(name) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        // Connecting waits for the first answer; AbortOnConnectFail=false then leaves a connection that goes on trying.
        builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(serviceKey, (_, _) =>
            ConnectionMultiplexer.Connect(Options(name, settings, sections, configureOptions)));
        if (!settings.DisableAutoActivation)
            builder.Services.AddHostedService(services => new RedisActivation(services, serviceKey));
        if (!settings.DisableHealthChecks)
            builder.TryAddHealthCheck(serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{name}", services => new RedisHealthCheck(services, serviceKey));
    }

    private static ConfigurationOptions Options(
        string name, StackExchangeRedisSettings settings, IConfigurationSection[] sections, Action<ConfigurationOptions>? configureOptions)
    {
        var options = settings.ConnectionString is { } connectionString ? ConfigurationOptions.Parse(connectionString) : new ConfigurationOptions();
        if (settings.ConnectionString?.Contains("abortConnect", StringComparison.OrdinalIgnoreCase) != true)
            options.AbortOnConnectFail = false;
        foreach (var section in sections)
            section.GetSection("ConfigurationOptions").Bind(options);
        configureOptions?.Invoke(options);
        return options.EndPoints.Count > 0
            ? options
            : throw new InvalidOperationException(
                $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{name}' or for the '{Section}:ConnectionString' configuration key.");
    }
}
