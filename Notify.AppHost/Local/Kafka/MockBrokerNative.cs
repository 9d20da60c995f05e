using System.Runtime.InteropServices;

namespace Notify.AppHost.Local.Kafka;

/// <summary>What librdkafka's <c>rdkafka.h</c> and <c>rdkafka_mock.h</c> declare, as far as the broker needs it.</summary>
internal static partial class MockBrokerNative
{
    public const int Producer = 0;
    private const string Library = "librdkafka";

    // As the client itself chooses: the first build needs libsasl2, which is not everywhere; the second does without.
    static MockBrokerNative() => NativeLibrary.SetDllImportResolver(typeof(MockBrokerNative).Assembly, static (name, assembly, path) => name
            != Library
                ? 0
            : NativeLibrary.TryLoad(name, assembly, path, out var usual) ? usual
            : NativeLibrary.TryLoad($"centos8-{name}", assembly, path, out var plain) ? plain
            : 0);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint configuration, string name, string value, [Out] byte[] error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_destroy")]
    public static partial void DestroyConfiguration(nint configuration);

    /// <summary>Owns the configuration where it succeeds.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static partial nint NewClient(int type, nint configuration, [Out] byte[] error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void DestroyCluster(nint cluster);

    /// <summary>The string belongs to the cluster.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint Bootstraps(nint cluster);

    /// <summary>How long a new group waits for more members: 3 s unless told.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void SetInitialRebalanceDelay(nint cluster, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateTopic(nint cluster, string topic, int partitions, int replicationFactor);
}
