using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A real Kafka of the distribution in KAFKA_HOME, which every client reaches through a <see cref="CuttingProxy"/>: it advertises
/// the proxy's port as its own.</summary>
internal sealed class ProxiedKafka : IAsyncDisposable
{
    // reading its logs after a kill, it may share two cores with all others
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(120);

    private readonly string _folder;
    private Process _process;

    private ProxiedKafka(string folder, CuttingProxy proxy) => (_folder, Proxy, _process) = (folder, proxy, StartServer(folder));

    public static string? Home =>
        Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } home
        && File.Exists(Path.Combine(home, "bin", "kafka-server-start.sh"))
            ? home
            : null;

    public CuttingProxy Proxy { get; }

    public string Bootstrap => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Proxy.Port}");

    public static async Task<ProxiedKafka> StartAsync(Random random, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("notify-faults-kafka-").FullName;
        var (port, controller) = (FreePort(), FreePort());
        var proxy = new CuttingProxy(port, random);
        var properties = PropertiesIn(folder);
        await File.WriteAllTextAsync(properties, Properties(folder, port, controller, proxy.Port), cancellationToken);
        using (var format = Run(folder, "kafka-storage.sh", "format", "-t", "bm90aWZ5LWZhdWx0LXJ1bg", "-c", properties))
        {
            await format.WaitForExitAsync(cancellationToken);
            Assert.Equal(0, format.ExitCode);
        }
        var kafka = new ProxiedKafka(folder, proxy);
        await kafka.AnswersAsync(cancellationToken);
        return kafka;
    }

    /// <summary>SIGKILL; the process is gone when this returns.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on what it had written, and waits until it answers.</summary>
    public async Task ReviveAsync(CancellationToken cancellationToken)
    {
        _process.Dispose();
        _process = StartServer(_folder);
        await AnswersAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await KillAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task AnswersAsync(CancellationToken cancellationToken) =>
        Until.GetAsync(
            () =>
                Task.Run(
                    () =>
                    {
                        using var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Bootstrap })
                            .SetLogHandler((_, _) => { })
                            .SetErrorHandler((_, _) => { })
                            .Build();
                        try
                        {
                            return client.GetMetadata(TimeSpan.FromSeconds(2)).Brokers.Count > 0 ? "" : null;
                        }
                        catch (KafkaException)
                        {
                            return null;
                        }
                    },
                    cancellationToken
                ),
            _ => "the broker answers through the proxy",
            cancellationToken,
            s_wait
        );

    private static string PropertiesIn(string folder) => Path.Combine(folder, "server.properties");

    /// <summary>Ends with this process, however that ends: its input ends then, and whoever waits for that kills it.</summary>
    private static Process StartServer(string folder) =>
        Start(
            folder,
            "exec 3<&0; (server=$$; cat <&3 > /dev/null; kill -KILL $server) & exec \"$@\" < /dev/null 3<&- >> \"$0\" 2>&1",
            "kafka-server-start.sh",
            PropertiesIn(folder)
        );

    private static Process Run(string folder, string script, params string[] arguments) =>
        Start(folder, "exec \"$@\" >> \"$0\" 2>&1", script, arguments);

    private static Process Start(string folder, string command, string script, params string[] arguments)
    {
        // Its output goes to a file: nobody reads a pipe here.
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", command, Path.Combine(folder, "console.log"), Path.Combine(Home!, "bin", script), .. arguments]
        )
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
        };
        start.Environment["LOG_DIR"] = Path.Combine(folder, "logs");
        start.Environment["KAFKA_HEAP_OPTS"] = "-Xms256m -Xmx512m";
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static string Properties(string folder, int port, int controller, int advertised) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            process.roles=broker,controller
            node.id=1
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
            advertised.listeners=PLAINTEXT://127.0.0.1:{advertised}
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
            controller.quorum.voters=1@127.0.0.1:{controller}
            log.dirs={Path.Combine(folder, "data")}
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            group.initial.rebalance.delay.ms=0

            """
        );
}
