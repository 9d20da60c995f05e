using Microsoft.Extensions.Configuration;

namespace Notify.AppHost.Local.Kafka;

/// <summary>An unpacked Apache Kafka: a folder with <c>bin/</c>, <c>config/</c> and <c>libs/</c>.</summary>
internal sealed record KafkaDistribution(string Home)
{
    public string StartScript => Script("kafka-server-start");
    public string StorageScript => Script("kafka-storage");

    /// <summary>The folder that the user named: <c>KAFKA_HOME</c> in the configuration or the environment, or <c>Kafka:Home</c>.</summary>
    public static string? Configured(IConfiguration configuration) =>
        new[] { configuration["Kafka:Home"], configuration["KAFKA_HOME"], Environment.GetEnvironmentVariable("KAFKA_HOME") }.FirstOrDefault(
            home => !string.IsNullOrWhiteSpace(home)
        );

    /// <exception cref="MissingPieceException">The folder holds no Kafka, or there is no Java for it.</exception>
    public static async Task<KafkaDistribution> OpenAsync(string home, CancellationToken cancellationToken)
    {
        var distribution = new KafkaDistribution(Path.GetFullPath(home));
        foreach (var script in new[] { distribution.StartScript, distribution.StorageScript })
        {
            if (!File.Exists(script))
                throw new MissingPieceException(
                    $"KAFKA_HOME is '{home}', but there is no {script}. Point it to an unpacked Apache Kafka of version 3.3 or later, or unset it to use the built-in broker."
                );
        }
        await JavaRuntime.RequireAsync(cancellationToken);
        return distribution;
    }

    private string Script(string name) =>
        OperatingSystem.IsWindows() ? Path.Combine(Home, "bin", "windows", $"{name}.bat") : Path.Combine(Home, "bin", $"{name}.sh");
}
