using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.AppHost.Local.Kafka;

namespace Notify.Tests.Distributed.AppHost.Local.Kafka;

public sealed class MockBrokerTests : IAsyncLifetime
{
    private readonly ServerFolders _folders = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task Produced_record_is_consumed()
    {
        await using var broker = Start(("Kafka:Topics", "orders:3, invoices"));

        Assert.Equal("hello", await KafkaRoundTrip.RunAsync(Address(broker), "orders", "hello"));
    }

    [Fact]
    public async Task Named_topics_have_their_partitions_and_others_are_made_when_asked_for()
    {
        await using var broker = Start(("Kafka:Topics", "orders:3, invoices"));
        using var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address(broker) }).Build();

        Assert.Equal(3, Partitions(client, "orders"));
        Assert.Equal(12, Partitions(client, "invoices"));
        Assert.Equal(4, Partitions(client, "unheard-of"));
    }

    [Fact]
    public async Task Health_check_follows_the_broker()
    {
        var broker = Start();
        var address = Address(broker);
        var check = new KafkaAnswers(() => address);

        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new(), TestContext.Current.CancellationToken)).Status);
        await broker.DisposeAsync();
        await broker.DisposeAsync(); // a second time does no harm
        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new(), TestContext.Current.CancellationToken)).Status);
    }

    [Theory]
    [InlineData("Kafka:Topics", "orders:none")]
    [InlineData("Kafka:Topics", "orders:0")]
    [InlineData("Kafka:Topics", "orders:-1")]
    [InlineData("Kafka:Topics", "orders:1001")]
    [InlineData("Kafka:Topics", "orders, orders")]
    public void Impossible_number_of_partitions_is_refused(string key, string value)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Start((key, value)));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    private MockBroker Start(params (string Key, string Value)[] settings) => MockBroker.Start(_folders.Context(0, settings).Configuration);

    private static string Address(MockBroker broker) => $"127.0.0.1:{broker.Port}";

    private static int Partitions(IAdminClient client, string topic) =>
        client.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics.Single().Partitions.Count;
}
