using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kafka.Local;
using Aspire.Hosting.Local;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Tests.StandIns.Servers;

namespace Notify.Tests.StandIns.Kafka;

public sealed class MockBrokerTests : IAsyncLifetime
{
    private readonly ServerFolders _folders = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;
    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task Produced_record_is_consumed()
    {
        var broker = Start(("Kafka:Topics", "orders:3, invoices"));
        await using var running = broker.Server;

        Assert.Equal("hello", await KafkaRoundTrip.RunAsync($"localhost:{broker.Ports["tcp"]}", "orders", "hello"));
        Assert.Contains(_folders.Log, line => line.Contains("5 MB", StringComparison.Ordinal) && line.Contains("KAFKA_HOME", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Named_topics_have_their_partitions_and_others_are_made_when_asked_for()
    {
        var broker = Start(("Kafka:Topics", "orders:3, invoices"));
        await using var running = broker.Server;
        using var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = $"localhost:{broker.Ports["tcp"]}" }).Build();

        Assert.Equal(3, Partitions(client, "orders"));
        Assert.Equal(12, Partitions(client, "invoices"));
        Assert.Equal(4, Partitions(client, "unheard-of"));
    }

    [Fact]
    public async Task Health_check_follows_the_broker()
    {
        var cancel = TestContext.Current.CancellationToken;
        var builder = DistributedApplication.CreateBuilder();
        builder.Services.AddLogging(logging => logging.ClearProviders());   // a check that fails is expected here
        var kafka = builder.AddKafka("kafka");
        await using var services = builder.Services.BuildServiceProvider();
        var broker = Start();

        kafka.Resource.Allocate(broker.Ports["tcp"]);
        Assert.True(await services.IsHealthyAsync("kafka_check", cancel));
        Assert.Equal($"localhost:{broker.Ports["tcp"]}", await ((IResourceWithConnectionString)kafka.Resource).GetConnectionStringAsync(cancel));
        await broker.Server.DisposeAsync();
        await broker.Server.DisposeAsync();   // a second time does no harm
        Assert.False(await services.IsHealthyAsync("kafka_check", cancel));
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

    private InProcessServer Start(params (string Key, string Value)[] settings) => (InProcessServer)MockBroker.Start(_folders.Context(0, settings));

    private static int Partitions(IAdminClient client, string topic) => client.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics.Single().Partitions.Count;
}
