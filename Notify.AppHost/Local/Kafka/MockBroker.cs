using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;

namespace Notify.AppHost.Local.Kafka;

/// <summary>librdkafka's built-in broker, inside the host's process, on a loopback port of its own choice.</summary>
internal sealed class MockBroker : IAsyncDisposable
{
    private nint _client;
    private nint _cluster;

    private MockBroker(nint client, nint cluster)
    {
        _client = client;
        _cluster = cluster;
    }

    public int Port =>
        // 127.0.0.1:port
        int.Parse(Marshal.PtrToStringUTF8(MockBrokerNative.Bootstraps(_cluster))!.Split(':')[^1], CultureInfo.InvariantCulture);

    public static MockBroker Start(IConfiguration settings)
    {
        var topics = MockTopics.Configured(settings).ToList(); // a mistake there must not leave a broker behind
        MockBroker broker;
        try
        {
            broker = Create();
        }
        catch (DllNotFoundException)
        {
            throw new MissingPieceException(
                "Kafka's client library librdkafka, which comes with the package librdkafka.redist, has no build that loads on this machine. Set KAFKA_HOME to an unpacked Apache Kafka, or ConnectionStrings__kafka to a running one."
            );
        }
        foreach (var (name, partitions) in topics)
            broker.CreateTopic(name, partitions);
        return broker;
    }

    private static MockBroker Create()
    {
        var error = new byte[512];
        var configuration = MockBrokerNative.NewConfiguration();
        // This client never connects anywhere: it only owns the broker, so what it would log about missing servers means nothing.
        _ = MockBrokerNative.Set(configuration, "log_level", "0", error, error.Length);
        var client = MockBrokerNative.NewClient(MockBrokerNative.Producer, configuration, error, error.Length);
        if (client == 0)
        {
            MockBrokerNative.DestroyConfiguration(configuration);
            throw new InvalidOperationException($"librdkafka refused to start: {System.Text.Encoding.UTF8.GetString(error).TrimEnd('\0')}");
        }
        var cluster = MockBrokerNative.NewCluster(client, 1);
        if (cluster != 0)
        {
            MockBrokerNative.SetInitialRebalanceDelay(cluster, 0);
            return new MockBroker(client, cluster);
        }
        MockBrokerNative.DestroyClient(client);
        throw new InvalidOperationException("librdkafka could not start its built-in broker: it found no free loopback port.");
    }

    private void CreateTopic(string name, int partitions)
    {
        if (MockBrokerNative.CreateTopic(_cluster, name, partitions, 1) is not 0 and var code)
        {
            Destroy();
            throw new InvalidOperationException(
                $"librdkafka's broker refused the topic '{name}' with {partitions} partitions (error {code}). Is it named twice in Kafka:Topics?"
            );
        }
    }

    /// <summary>Joins librdkafka's threads, so off the caller's.</summary>
    public ValueTask DisposeAsync() => new(Task.Run(Destroy));

    private void Destroy()
    {
        var cluster = Interlocked.Exchange(ref _cluster, 0);
        var client = Interlocked.Exchange(ref _client, 0);
        if (client == 0)
            return;
        MockBrokerNative.DestroyCluster(cluster);
        MockBrokerNative.DestroyClient(client);
    }
}
