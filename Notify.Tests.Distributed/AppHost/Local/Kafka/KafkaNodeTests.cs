using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Notify.AppHost.Local;
using Notify.AppHost.Local.Kafka;

namespace Notify.Tests.Distributed.AppHost.Local.Kafka;

public sealed class KafkaNodeTests : IAsyncLifetime
{
    private readonly ServerFolders _folders = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task Records_survive_a_kill_a_stop_and_other_ports()
    {
        Assert.SkipWhen(
            KafkaHome is null,
            "Needs an Apache Kafka: set KAFKA_HOME to an unpacked release, or put it beside the repository as shared/kafka."
        );
        var first = await StartAsync();
        await CreateTopicAsync(first);
        await KafkaRoundTrip.ProduceAsync(Address(first), "kept", "one");
        await first.KillAsync();

        var second = await StartAsync();
        await KafkaRoundTrip.ProduceAsync(Address(second), "kept", "two");
        await second.StopAsync();

        var third = await StartAsync();
        Assert.NotEqual(first.Port, third.Port);
        Assert.Equal(["one", "two"], await KafkaRoundTrip.ConsumeAsync(Address(third), "kept", 2));

        var fourth = await StartAsync(); // the host was killed: its broker still runs on the folder
        await third.ExitedAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["one", "two"], await KafkaRoundTrip.ConsumeAsync(Address(fourth), "kept", 2));
    }

    [Fact]
    public async Task Home_without_Kafka_is_refused_with_advice()
    {
        var missing = await Assert.ThrowsAsync<MissingPieceException>(() =>
            KafkaNode.PrepareAsync(_folders.Context(0, ("Kafka:Home", _folders.ToolsFolder)), TestContext.Current.CancellationToken)
        );

        Assert.Contains("kafka-server-start.sh", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openjdk version \"17.0.15\" 2025-04-15", 17)]
    [InlineData("Picked up JAVA_TOOL_OPTIONS: -Dx=1\nopenjdk version \"21\" 2023-09-19", 21)]
    [InlineData("java version \"1.8.0_392\"", 8)]
    [InlineData("command not understood", null)]
    public void Java_version_is_read(string answer, int? version) => Assert.Equal(version, JavaRuntime.MajorVersion(answer));

    [Fact]
    public void Cluster_id_is_never_taken_for_an_option()
    {
        Assert.All(Enumerable.Range(0, 1000).Select(_ => KafkaNode.ClusterId()), id =>
        {
            Assert.Equal(22, id.Length);
            Assert.NotEqual('-', id[0]);
        });
    }

    private static string? KafkaHome
    {
        get
        {
            if (Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } home)
                return home;
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Notify.sln")))
                folder = folder.Parent;
            var beside = Path.GetFullPath(Path.Combine(folder?.FullName ?? "/", "..", "shared", "kafka"));
            return Directory.Exists(beside) ? beside : null;
        }
    }

    private async Task<RunningServer> StartAsync()
    {
        var server = await _folders.StartAsync(KafkaNode.PrepareAsync, ("Kafka:Home", KafkaHome!));
        return await server.ReadyAsync(cancel => Task.Run(() => Answers(server), cancel));
    }

    private static string Address(RunningServer server) => $"127.0.0.1:{server.Port}";

    private static IAdminClient Client(RunningServer server) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address(server) })
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();

    private static async Task CreateTopicAsync(RunningServer server)
    {
        using var client = Client(server);
        await client.CreateTopicsAsync([
            new TopicSpecification
            {
                Name = "kept",
                NumPartitions = 1,
                ReplicationFactor = 1,
            },
        ]);
    }

    private static bool Answers(RunningServer server)
    {
        try
        {
            using var client = Client(server);
            return client.GetMetadata(TimeSpan.FromSeconds(1)).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false; // still starting
        }
    }
}
