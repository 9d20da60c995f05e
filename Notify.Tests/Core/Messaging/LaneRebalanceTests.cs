using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Core.Messaging;
using Notify.Tests.Support;

namespace Notify.Tests.Core.Messaging;

/// <summary>A partition goes in the middle of a batch that is being read: the client says so inside Consume.</summary>
public sealed class LaneRebalanceTests : IRecordHandler, IDisposable
{
    private static readonly TopicPartition Going = new("deliveries.sms.standard", 0);
    private static readonly TopicPartition Staying = new("deliveries.sms.standard", 1);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentQueue<ConsumedRecord> _handed = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    int IRecordHandler.MaxInFlight => 100;

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_read_and_not_handed_on_is_given_back_at_once(bool lost)
    {
        var consumer = DispatchProxy.Create<IConsumer<byte[], byte[]>, ScriptedConsumer>();
        // Far longer than the test waits: a drain that waits for its own thread fails it.
        var options = Options.Create(new KafkaOptions { RevokeDrain = TimeSpan.FromMinutes(5) });
        var lane = new LaneConsumer(
            Going.Topic,
            () => consumer,
            this,
            new(_services.GetRequiredService<IMeterFactory>()),
            options,
            NullLogger<LaneConsumer>.Instance
        );
        var going = (ILaneRebalance)lane;
        ((ScriptedConsumer)(object)consumer).Consume =
        [
            () => Record(Going),
            () => Record(Staying),
            () =>
            {
                if (lost)
                    going.Lost([Going]);
                else
                    going.Revoked(consumer, [Going]);
                return null;
            },
        ];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        lane.Start(stop.Token);

        await Until.TrueAsync(() => _handed.Count == 2, "Both are handed on.", Cancel);
        Assert.True(_handed.Single(record => record.Partition == 0).HasEnded); // it is another member's now
        var kept = _handed.Single(record => record.Partition == 1);
        Assert.True(kept.IsWorkedOn);
        kept.Finish();
        await stop.CancelAsync();
        await lane.Completion;
    }

    Task IRecordHandler.HandleAsync(IReadOnlyList<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        foreach (var record in batch)
            _handed.Enqueue(record);
        return Task.CompletedTask;
    }

    private static ConsumeResult<byte[], byte[]> Record(TopicPartition partition) =>
        new()
        {
            TopicPartitionOffset = new(partition, 0),
            Message = new() { Value = [1] },
        };

    /// <summary>A client that reads what the test says, and nothing after that.</summary>
#pragma warning disable CA1852 // The proxy's class derives from it, at run time.
    internal class ScriptedConsumer : DispatchProxy
#pragma warning restore CA1852
    {
        private int _next;

        public IReadOnlyList<Func<ConsumeResult<byte[], byte[]>?>> Consume { get; set; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name switch
            {
                nameof(IConsumer<,>.Consume) => _next < Consume.Count ? Consume[_next++]() : Nothing(),
                "get_Assignment" => new List<TopicPartition>(),
                _ => null,
            };

        private static object? Nothing()
        {
            Thread.Yield();
            return null;
        }
    }
}
