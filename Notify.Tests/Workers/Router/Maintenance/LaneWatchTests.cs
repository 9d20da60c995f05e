using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Core.Channels;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;
using Notify.Workers.Router.Maintenance;

namespace Notify.Tests.Workers.Router.Maintenance;

public sealed class LaneWatchTests(PostgresServer server) : DatabaseTests(server), ILogger<LaneWatch>
{
    private readonly List<string> _said = [];

    [Fact]
    public async Task A_channel_that_nobody_reads_is_said_to_be_so_once_and_once_that_it_is_read_again()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var watch = new LaneWatch(new(Database.Source), new(meters), TimeProvider.System, this);
        await ReportAsync(Channel.Push);
        await ReportAsync(Channel.Sms);

        await watch.LookAsync(maySay: false, Cancel); // email's worker may just be starting
        Assert.Empty(_said);
        await watch.LookAsync(maySay: true, Cancel);
        await Database.ExecuteAsync("UPDATE lane_positions SET reported_at = now() - interval '16 s' WHERE topic LIKE 'deliveries.sms.%'");
        await watch.LookAsync(maySay: true, Cancel);
        await watch.LookAsync(maySay: true, Cancel);
        Assert.Equal(["email", "sms"], _said.Select(line => line.Split(' ')[5].TrimEnd(':')));
        Assert.Equal(
            ["email critical 0", "email standard 0", "push critical 2", "push standard 0", "sms critical 0", "sms standard 0"],
            Consumers(meters)
        );

        await ReportAsync(Channel.Sms);
        await watch.LookAsync(maySay: true, Cancel);

        Assert.Equal("The lanes of sms are read again.", _said[^1]);
        Assert.Contains("sms critical 2", Consumers(meters));
    }

    private Task ReportAsync(Channel channel)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new LanePositionStore(Database.Source).ReportAsync(Topics.Deliveries(channel, Lane.Critical), [(0, now), (1, now)], Cancel);
    }

    private static List<string> Consumers(IMeterFactory meters)
    {
        var shown = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, of) =>
        {
            if (instrument.Name == "notify.lane.consumers" && instrument.Meter.Scope == meters)
                of.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => shown.Add($"{tags[0].Value} {tags[1].Value} {value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. shown.Where(line => !line.Contains("bulk", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _said.Add(formatter(state, exception));
}
