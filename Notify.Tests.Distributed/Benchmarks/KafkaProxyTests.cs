using System.Text;
using Confluent.Kafka;
using Notify.Benchmarks.Load;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Distributed.Benchmarks;

public sealed class KafkaProxyTests
{
    private const string Topic = "notifications.standard";

    /// <summary>Bytes of Metadata answers by kafka.apache.org/protocol, each with one broker on port 9092.</summary>
    public static TheoryData<short, string> Answers =>
        new()
        {
            // version, correlation id, [tags], [throttle time], brokers, node id, host "b1", port, [rack], [tags]
            { 0, "00000007 00000001 00000001 0002 6231 00002384" },
            { 1, "00000007 00000001 00000001 0002 6231 00002384 ffff" },
            { 5, "00000007 00000000 00000001 00000001 0002 6231 00002384 0001 72" },
            { 9, "00000007 00 00000000 02 00000001 03 6231 00002384 00 00" },
            { 12, "00000007 01 05 02 aabb 00000000 02 00000001 03 6231 00002384 02 72 00" },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Port_of_a_broker_is_replaced_in_each_version(short version, string hexadecimal)
    {
        var text = hexadecimal.Replace(" ", "", StringComparison.Ordinal);
        var answer = Convert.FromHexString(text);
        var asked = new List<(string, int)>();

        KafkaFrames.ReplacePorts(answer, version, (host, port) =>
        {
            asked.Add((host, port));
            return 0x1234;
        });

        Assert.Equal(("b1", 9092), Assert.Single(asked));
        Assert.Equal(text.Replace("00002384", "00001234", StringComparison.Ordinal), Convert.ToHexStringLower(answer));
    }

    [Fact]
    public async Task Records_pass_and_requests_that_carry_them_are_counted()
    {
        using var broker = new KafkaBroker();
        await using var proxy = new KafkaProxy(broker.Address);
        using (var producer = new ProducerBuilder<byte[], byte[]>(
                new ProducerConfig
                {
                    BootstrapServers = proxy.Bootstrap,
                    Acks = Acks.All,
                    LingerMs = 0,
                }
            ).SetLogHandler((_, _) => { }).Build())
        {
            for (var i = 0; i < 5; i++) // each waits for the one before it, so none can share a request
                await producer.ProduceAsync(
                    Topic,
                    new() { Key = [], Value = Encoding.UTF8.GetBytes($"{i}") },
                    TestContext.Current.CancellationToken
                );
        }

        Assert.Equal(5, proxy.ProduceRequests);
        Assert.Equal(5, broker.Read(Topic).Count);
    }
}
