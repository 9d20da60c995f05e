using Confluent.Kafka;

namespace Notify.Tests.Distributed.AppHost.Local.Kafka;

internal static class KafkaRoundTrip
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Produces a value, idempotently, and returns what a new consumer group then reads last.</summary>
    public static async Task<string> RunAsync(string servers, string topic, string value)
    {
        await ProduceAsync(servers, topic, value);
        return (await ConsumeAsync(servers, topic, 1))[^1];
    }

    public static async Task ProduceAsync(string servers, string topic, string value)
    {
        using var producer = new ProducerBuilder<string, string>(
            new ProducerConfig
            {
                BootstrapServers = servers,
                Acks = Acks.All,
                EnableIdempotence = true,
            }
        ).Build();
        var delivered = await producer.ProduceAsync(
            topic,
            new Message<string, string> { Key = "key", Value = value },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(PersistenceStatus.Persisted, delivered.Status);
    }

    public static Task<List<string>> ConsumeAsync(string servers, string topic, int count) =>
        Task.Run(
            () =>
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                deadline.CancelAfter(Deadline);
                using var consumer = new ConsumerBuilder<string, string>(
                    new ConsumerConfig
                    {
                        BootstrapServers = servers,
                        GroupId = Guid.NewGuid().ToString("N"),
                        AutoOffsetReset = AutoOffsetReset.Earliest,
                    }
                ).Build();
                consumer.Subscribe(topic);
                var values = new List<string>();
                while (values.Count < count)
                    values.Add(consumer.Consume(deadline.Token).Message.Value);
                consumer.Close();
                return values;
            },
            TestContext.Current.CancellationToken
        );
}
