using System.Globalization;

namespace Notify.Tests.Distributed.Faults;

/// <summary>The application that the faults share, apart from the one of the other tests: two API processes, two email workers, and times
/// scaled to a test's patience, each by its own measure; at full length leases and breakers have those of production.</summary>
public sealed class FaultApp : IAsyncDisposable
{
    /// <summary>Of a claim; 60 s in production, and at full length.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(FaultSettings.Full ? 60 : 18);

    /// <summary>
    /// A consumer that does not poll for so long is put out of its group; 5 min in production. Short at full length too: there no call gets
    /// beyond two minutes (<c>Delivery:SendTimeout</c>), and F05 is about one that lasts longer than this.
    /// </summary>
    internal static readonly TimeSpan MaxPollInterval = TimeSpan.FromSeconds(6);

    private const string Consumer = "Aspire__Confluent__Kafka__Consumer__Config__";

    // What a fault ended is started by its test, at the moment that the test chose.
    private static readonly string[] s_arguments =
    [
        "--Parameters:api-replicas=2",
        "--Parameters:email-replicas=2",
        "--Notify:KeepRunning=false",
    ];

    private static readonly Dictionary<string, string> s_lasting = new()
    {
        ["Delivery__Lease"] = Lease.ToString(),
        ["Delivery__MaxAttempts"] = "6",
        ["Email__Smtp__MaxMessagesPerConnection"] = "5", // so that faults of connecting are met
        ["Delivery__Breaker__MinimumCalls"] = "10",
        ["Delivery__Breaker__FailuresInARow"] = "3",
        ["Delivery__Breaker__Misconfigured"] = "2",
        [Consumer + "SessionTimeoutMs"] = "6000",
        [Consumer + "MaxPollIntervalMs"] = Text((int)MaxPollInterval.TotalMilliseconds),
    };

    private static readonly Dictionary<string, string> s_scaledBreaker = new()
    {
        ["Delivery__Breaker__Window"] = "00:00:01",
        ["Delivery__Breaker__Break"] = "00:00:00.500",
        ["Delivery__Breaker__MaxBreak"] = "00:00:02",
        ["Delivery__Breaker__SlowCall"] = "00:00:02",
    };

    private static readonly Dictionary<string, string> s_roomForAll = new()
    {
        ["Sandbox__Keep"] = "2000000",
        ["Sandbox__KeepBytes"] = "8589934592",
    }; // F36's million, to be counted one by one

    private static readonly Dictionary<string, string> s_settings = FaultSettings.Full
        ? s_lasting.Concat(s_roomForAll).ToDictionary()
        : s_lasting.Concat(s_scaledBreaker).ToDictionary();

    private readonly NotifyApp _app = new(s_arguments, s_settings);
    private Instances? _instances;

    internal async Task<(RunningNotify Notify, Instances Instances)> ReadyAsync(CancellationToken cancellationToken)
    {
        var notify = await _app.ReadyAsync(cancellationToken);
        _instances ??= new Instances(notify.Application);
        await _instances.RecoverAsync(cancellationToken);
        return (notify, _instances);
    }

    /// <summary>The same application on a Kafka of the caller's.</summary>
    internal static NotifyApp Over(string kafka) => new([.. s_arguments, $"--ConnectionStrings:kafka={kafka}"], s_settings);

    /// <summary>The same application with a second provider for each channel that has one.</summary>
    internal static NotifyApp WithFallbacks() => new(s_arguments, s_settings, fallbacks: true);

    /// <summary>The same application with a limit for text messages that a backlog can reach: the shared one's is out of the way of the
    /// others.</summary>
    internal static NotifyApp WithSmsRate(int perSecond, int burst) =>
        new(
            s_arguments,
            s_settings
                .Append(new("Sms__Twilio__MessagesPerSecond", Text(perSecond)))
                .Append(new("Sms__Twilio__Burst", Text(burst)))
                .ToDictionary()
        );

    public async ValueTask DisposeAsync()
    {
        if (_instances is not null)
            await _instances.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One fault at a time, and nothing beside it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultTests : ICollectionFixture<FaultApp>
{
    public const string Name = "Faults";
}
