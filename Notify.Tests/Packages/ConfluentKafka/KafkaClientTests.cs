using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Notify.Tests.Packages.ConfluentKafka;

public sealed class KafkaClientTests
{
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);

    [Fact]
    public void Producer_is_a_singleton_and_its_twin_is_keyed()
    {
        Set("ConnectionStrings:kafka", "127.0.0.1:1");
        _builder.AddKafkaProducer<string, byte[]>("kafka");
        _builder.AddKeyedKafkaProducer<string, byte[]>("kafka");
        using var host = _builder.Build();

        var producer = host.Services.GetRequiredService<IProducer<string, byte[]>>();
        Assert.Same(producer, host.Services.GetRequiredService<IProducer<string, byte[]>>());
        Assert.NotSame(producer, host.Services.GetRequiredKeyedService<IProducer<string, byte[]>>("kafka"));
    }

    [Fact]
    public void Later_sources_of_settings_win()
    {
        Set("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "general");
        Set("Aspire:Confluent:Kafka:Consumer:Config:ClientId", "general");
        Set("Aspire:Confluent:Kafka:Consumer:kafka:Config:ClientId", "named");
        Set("Aspire:Confluent:Kafka:Consumer:kafka:ConnectionString", "section:1");
        Set("Aspire:Confluent:Kafka:Consumer:DisableHealthChecks", "true");
        Set("ConnectionStrings:kafka", "127.0.0.1:2");
        KafkaConsumerSettings? seen = null;
        _builder.AddKafkaConsumer<string, byte[]>("kafka", configureSettings: settings =>
        {
            Assert.Equal("127.0.0.1:2", settings.ConnectionString);
            settings.Config.EnableAutoOffsetStore = false;
            seen = settings;
        });
        using var host = _builder.Build();

        Assert.NotNull(host.Services.GetRequiredService<IConsumer<string, byte[]>>());
        Assert.Equal(
            ("general", "named", "127.0.0.1:2", false),
            (seen!.Config.GroupId, seen.Config.ClientId, seen.Config.BootstrapServers, seen.Config.EnableAutoOffsetStore)
        );
        Assert.True(seen.DisableHealthChecks);
        Assert.Equal(1000, seen.Config.StatisticsIntervalMs);
    }

    [Fact]
    public void Statistics_stay_off_when_metrics_are_disabled_and_as_set_when_set()
    {
        KafkaProducerSettings? silent = null,
            chosen = null;
        _builder.AddKafkaProducer<string, string>("b", configureSettings: settings =>
        {
            settings.DisableMetrics = true;
            silent = settings;
        });
        _builder.AddKafkaProducer<string, int>("c", configureSettings: settings =>
        {
            settings.Config.StatisticsIntervalMs = 5000;
            chosen = settings;
        });

        Assert.Null(silent!.Config.StatisticsIntervalMs);
        Assert.Equal(5000, chosen!.Config.StatisticsIntervalMs);
    }

    [Fact]
    public void Builder_delegate_is_given_the_services_and_may_take_the_log_handler()
    {
        Set("ConnectionStrings:kafka", "127.0.0.1:1");
        _builder.Services.AddSingleton("marker");
        var given = "";
        _builder.AddKafkaProducer<string, byte[]>("kafka", configureBuilder: (services, producer) =>
        {
            given = services.GetRequiredService<string>();
            producer.SetLogHandler((_, _) => { });
        });
        using var host = _builder.Build();

        Assert.NotNull(host.Services.GetRequiredService<IProducer<string, byte[]>>());
        Assert.Equal("marker", given);
    }

    [Fact]
    public void Missing_settings_are_reported_when_the_client_is_first_asked_for()
    {
        _builder.AddKafkaProducer<string, byte[]>("nowhere");
        _builder.AddKafkaConsumer<string, byte[]>("kafka", settings => settings.ConnectionString = "127.0.0.1:1");
        using var host = _builder.Build();

        Assert.Equal(
            "No bootstrap servers configured.",
            Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IProducer<string, byte[]>>).Message
        );
        Assert.Equal(
            "No group id configured.",
            Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IConsumer<string, byte[]>>).Message
        );
    }

    [Fact]
    public async Task Health_checks_have_the_packages_names_and_fail_without_a_broker()
    {
        Set("ConnectionStrings:kafka", "127.0.0.1:1");
        _builder.AddKafkaProducer<string, byte[]>("kafka");
        _builder.AddKafkaProducer<string, string>("kafka");
        _builder.AddKeyedKafkaProducer<string, byte[]>("kafka");
        _builder.AddKafkaConsumer<string, byte[]>("kafka", settings => settings.Config.GroupId = "group");
        _builder.AddKeyedKafkaConsumer<string, byte[]>("kafka", settings => settings.DisableHealthChecks = true);
        using var host = _builder.Build();

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ["Aspire.Confluent.Kafka.Consumer", "Aspire.Confluent.Kafka.Producer", "Aspire.Confluent.Kafka.Producer_kafka"],
            report.Entries.Keys.Order(StringComparer.Ordinal)
        );
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Unhealthy, entry.Status));
    }

    private void Set(string key, string value) => _builder.Configuration.AddInMemoryCollection([new(key, value)]);
}
