using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Sending.Providers;
using Notify.Tests.Support;

namespace Notify.Tests.Sending.Lanes;

/// <summary>A lane on a database of its own, with one provider that answers as the test says.</summary>
public abstract class LaneTests(PostgresServer server) : DatabaseTests(server)
{
    internal StubProvider Provider { get; } = new();

    /// <summary>An answer that comes when the test gives it.</summary>
    protected TaskCompletionSource<Outcome> AnswerLater { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<RunningLane> CreateAsync(DeliveryOptions? options = null, TimeProvider? time = null) =>
        RunningLane.CreateAsync(Database.Source, [Provider], options, time);

    internal async Task<RunningLane> RunAsync(DeliveryOptions? options = null)
    {
        var lane = await CreateAsync(options);
        lane.Run();
        return lane;
    }

    /// <summary>Queued deliveries to so many persons, with their records.</summary>
    protected async Task<ConsumedRecord[]> RecordsAsync(int count) =>
        [.. (await Database.AddQueuedAsync(count)).Select((key, i) => Jobs.Record(key, $"+1500555{i:0000}", offset: i))];

    protected Task<List<string>> StatesAsync() =>
        Database.ListAsync("SELECT state || ' ' || count(*) FROM deliveries GROUP BY state ORDER BY 1");

    protected static Task FinishedAsync(params ConsumedRecord[] records) =>
        Until.TrueAsync(() => records.All(record => record.IsFinished), "The records are finished.", Cancel);
}
