using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Notify.AppHost.Hosting;

namespace Notify.AppHost.Local.Kafka;

/// <summary>One real Kafka node, broker and controller in one (KRaft), that keeps its records in the data folder.</summary>
internal static class KafkaNode
{
    private const int Terminate = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    public static bool IsWanted(IConfiguration configuration) =>
        KafkaDistribution.Configured(configuration) is not null || IsToBeFetched(configuration);

    /// <summary>Finds or fetches the distribution, writes the node's settings, and formats its log folder where that is new.</summary>
    /// <exception cref="MissingPieceException">There is no Kafka where the settings say, it cannot be fetched, or there is no Java for
    /// it.</exception>
    public static async Task<LocalProgram> PrepareAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        var kafka = await OpenAsync(context, cancellationToken);
        // A second broker would damage the metadata log of the first before it notices.
        await LeftBehind.StopAsync(context.DataFolder, "java", Terminate, Grace, context.Logger, cancellationToken);
        var properties = Path.Combine(context.DataFolder, "server.properties");
        await File.WriteAllTextAsync(properties, Properties(context, Ports.Take()), cancellationToken);
        var environment = new Dictionary<string, string>
        {
            ["KAFKA_HEAP_OPTS"] = Environment.GetEnvironmentVariable("KAFKA_HEAP_OPTS") is { Length: > 0 } heap
                ? heap
                : "-Xms256m -Xmx768m",
            ["LOG_DIR"] = Path.Combine(context.DataFolder, "logs"), // the distribution may be read-only
        };
        await FormatAsync(kafka, context, properties, environment, cancellationToken);
        context.Logger.LogInformation("Kafka of {Home}, records in {Folder}.", kafka.Home, context.DataFolder);
        return new LocalProgram(kafka.StartScript, [properties]) { Environment = environment };
    }

    private static async Task<KafkaDistribution> OpenAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        if (KafkaDistribution.Configured(context.Configuration) is { } installed)
            return await KafkaDistribution.OpenAsync(installed, cancellationToken);
        await JavaRuntime.RequireAsync(cancellationToken); // before 130 MB are fetched for nothing
        return await KafkaDistribution.OpenAsync(await KafkaDownload.EnsureAsync(context, cancellationToken), cancellationToken);
    }

    private static bool IsToBeFetched(IConfiguration configuration) => configuration.GetValue("Kafka:Download", false);

    private static async Task FormatAsync(
        KafkaDistribution kafka,
        LocalServerContext context,
        string properties,
        Dictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        if (File.Exists(Path.Combine(LogFolder(context), "meta.properties")))
            return;
        var format = await LocalCommand.RunAsync(
            kafka.StorageScript,
            ["format", "--ignore-formatted", "-t", ClusterId(), "-c", properties],
            cancellationToken,
            environment,
            context.DataFolder
        );
        if (!format.Succeeded)
            throw new InvalidOperationException(
                $"Kafka's data folder {LogFolder(context)} could not be formatted by {kafka.StorageScript}: {format.Output}"
            );
    }

    /// <summary>A UUID as Kafka writes it: 16 bytes in URL-safe Base64. A leading '-' would be taken for an option.</summary>
    internal static string ClusterId()
    {
        while (true)
        {
            var id = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            if (id[0] != '-')
                return id;
        }
    }

    private static string LogFolder(LocalServerContext context) => Path.Combine(context.DataFolder, "data");

    /// <summary>
    /// Written anew for every start, because the ports are. The quorum is a static one: its voters come from this file, whereas a dynamic
    /// one (<c>format --standalone</c>) remembers the controller's first port in its log.
    /// </summary>
    private static string Properties(LocalServerContext context, int controllerPort) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            process.roles=broker,controller
            node.id=1
            listeners=PLAINTEXT://127.0.0.1:{context.Port},CONTROLLER://127.0.0.1:{controllerPort}
            advertised.listeners=PLAINTEXT://127.0.0.1:{context.Port}
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
            controller.quorum.voters=1@127.0.0.1:{controllerPort}
            log.dirs={Escape(LogFolder(context))}
            num.partitions=12
            auto.create.topics.enable=false
            default.replication.factor=1
            min.insync.replicas=1
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=2
            group.initial.rebalance.delay.ms=0
            broker.session.timeout.ms=3000
            broker.heartbeat.interval.ms=500
            log.segment.bytes=134217728
            num.network.threads=2
            num.io.threads=4

            """
        );

    /// <summary>In a Java properties file the backslash escapes.</summary>
    private static string Escape(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal);
}
