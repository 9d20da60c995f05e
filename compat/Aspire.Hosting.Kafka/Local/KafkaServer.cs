using Aspire.Hosting.Local;

namespace Aspire.Hosting.Kafka.Local;

/// <summary>Chooses what plays Kafka: an installed distribution, one that the user asked to fetch, or librdkafka's own broker.</summary>
internal static class KafkaServer
{
    public static async Task<LocalServer> PrepareAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        if (KafkaDistribution.Configured(context.Configuration) is { } installed)
            return await KafkaNode.PrepareAsync(await KafkaDistribution.OpenAsync(installed, cancellationToken), context, cancellationToken);
        if (string.Equals(context.Configuration["Kafka:Download"], "true", StringComparison.OrdinalIgnoreCase))
        {
            await JavaRuntime.RequireAsync(cancellationToken);   // before 130 MB are fetched for nothing
            var fetched = await KafkaDownload.EnsureAsync(context, cancellationToken);
            return await KafkaNode.PrepareAsync(await KafkaDistribution.OpenAsync(fetched, cancellationToken), context, cancellationToken);
        }
        return MockBroker.Start(context);
    }
}
