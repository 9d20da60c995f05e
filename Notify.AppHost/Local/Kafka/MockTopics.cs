using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Notify.AppHost.Local.Kafka;

/// <summary>
/// The topics that librdkafka's broker is given at its start: those of Notify, with 4 partitions each, or <c>Kafka:Topics</c>: names
/// separated by commas, each with its own number of partitions after a colon where it differs from <c>Kafka:Partitions</c> (12). A topic
/// not named is made when a producer first asks for it, with 4 partitions.
/// </summary>
internal static class MockTopics
{
    private const int DefaultPartitions = 12;

    private static readonly string s_ofNotify =
        string.Join(
            ',',
            from topic in (string[])["notifications", "deliveries.push", "deliveries.email", "deliveries.sms"]
            from lane in (string[])["critical", "standard", "bulk"]
            select $"{topic}.{lane}:4"
        ) + ",receipts:4";

    public static IEnumerable<(string Name, int Partitions)> Configured(IConfiguration configuration)
    {
        var usual = configuration["Kafka:Partitions"] is { Length: > 0 } given ? Count(given, "Kafka:Partitions") : DefaultPartitions;
        foreach (
            var topic in (configuration["Kafka:Topics"] ?? s_ofNotify).Split(
                ',',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
        {
            yield return topic.Split(':', 2) is [var name, var partitions]
                ? (name, Count(partitions, $"Kafka:Topics, topic '{name}'"))
                : (topic, usual);
        }
    }

    private static int Count(string text, string where) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1000
            ? count
            : throw new InvalidOperationException($"{where}: '{text}' is no number of partitions (1 to 1000).");
}
