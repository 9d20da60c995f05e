using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>What producer and consumer have in common.</summary>
internal static class KafkaConfiguration
{
    public const string LogCategory = "Aspire.Confluent.Kafka";

    public static void Bind(
        IConfiguration configuration,
        string section,
        string name,
        object settings,
        ClientConfig config,
        Action<string> setConnectionString
    )
    {
        var general = configuration.GetSection(section);
        foreach (var source in new[] { general, general.GetSection(name) })
        {
            source.Bind(settings);
            source.GetSection("Config").Bind(config);
        }
        if (configuration.GetConnectionString(name) is { } connectionString)
            setConnectionString(connectionString);
    }

    public static void Write(ILogger logger, LogMessage message) =>
        logger.Log((LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging), 0, message.Message, null, static (text, _) => text);
}
