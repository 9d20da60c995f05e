using System.Reflection;
using Confluent.Kafka;
using Notify.Core.Channels;
using Notify.Core.Messaging;
using Notify.Core.Routing;
using Notify.Workers.Router;

namespace Notify.Tests.Workers.Router;

public sealed class DeliveryProducerTests
{
    private const int Long = 200_000;
    private const int LongAtOnce = (RoundLimits.Bytes / Long) + 1;
    private readonly IProducer<byte[], byte[]> _slow = DispatchProxy.Create<IProducer<byte[], byte[]>, SlowBroker>();

    private SlowBroker Broker => (SlowBroker)(object)_slow;

    [Fact]
    public async Task Long_records_of_one_notification_are_made_and_produced_part_by_part()
    {
        var producing = ProduceAsync(LongAtOnce + 3);
        Assert.InRange(Broker.Held, 1, LongAtOnce);

        while (!producing.IsCompleted)
        {
            Assert.InRange(Broker.Held, 0, LongAtOnce);
            Broker.Answer(ErrorCode.NoError);
            await Task.Yield();
        }

        Assert.Equal(Enumerable.Repeat(ProduceResult.Persisted, LongAtOnce + 3), await producing);
        Assert.Equal(LongAtOnce + 3, Broker.Asked);
    }

    [Fact]
    public async Task Nothing_more_is_produced_after_a_part_that_was_not_confirmed()
    {
        var producing = ProduceAsync(LongAtOnce + 3);
        Broker.Answer(ErrorCode.Local_MsgTimedOut);

        Assert.Equal(Enumerable.Repeat(ProduceResult.Unconfirmed, LongAtOnce + 3), await producing);
        Assert.InRange(Broker.Asked, 1, LongAtOnce);
    }

    [Fact]
    public async Task What_is_not_confirmed_in_time_counts_as_unconfirmed_and_what_was_as_persisted()
    {
        var producing = ProduceAsync(3, TimeSpan.FromMilliseconds(200));
        Broker.AnswerFirst(ErrorCode.NoError);

        Assert.Equal([ProduceResult.Persisted, ProduceResult.Unconfirmed, ProduceResult.Unconfirmed], await producing);
        Broker.Answer(ErrorCode.NoError); // too late, and nobody minds
    }

    private Task<ProduceResult[]> ProduceAsync(int count, TimeSpan? patience = null)
    {
        var notification = Incoming.Notification(
            TimeProvider.System.GetUtcNow(),
            Incoming.Body.Replace("\"B\"", $"\"{new string('B', Long)}\"", StringComparison.Ordinal)
        );
        var deliveries = Enumerable
            .Range(0, count)
            .Select(_ => new Candidate(Guid.NewGuid(), Channel.Sms, "u1", IsKnown: true, "+15005550006", null))
            .Select(candidate => new Sendable(OpenRows.Of(notification, candidate), notification.Request, null))
            .ToList();
        return RouterTests.Deliveries(new RecordProducer(_slow)).ProduceAsync(deliveries, patience);
    }

    /// <summary>Answers when it is told to.</summary>
#pragma warning disable CA1852 // The proxy's class derives from it, at run time.
    internal class SlowBroker : DispatchProxy
#pragma warning restore CA1852
    {
        private readonly Lock _lock = new();
        private List<Action<ErrorCode>> _held = [];

        public int Asked { get; private set; }

        public int Held
        {
            get
            {
                lock (_lock)
                    return _held.Count;
            }
        }

        public void AnswerFirst(ErrorCode code)
        {
            Action<ErrorCode> first;
            lock (_lock)
            {
                first = _held[0];
                _held.RemoveAt(0);
            }
            first(code);
        }

        public void Answer(ErrorCode code)
        {
            List<Action<ErrorCode>> held;
            lock (_lock)
                (held, _held) = (_held, []);
            held.ForEach(answer => answer(code));
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var message = (Message<byte[], byte[]>)args![1]!;
            var handler = (Action<DeliveryReport<byte[], byte[]>>)args[2]!;
            lock (_lock)
            {
                Asked++;
                _held.Add(code =>
                    handler(
                        new()
                        {
                            Error = new(code),
                            Message = message,
                            Status = code == ErrorCode.NoError ? PersistenceStatus.Persisted : PersistenceStatus.PossiblyPersisted,
                        }
                    )
                );
            }
            return null;
        }
    }

    [Fact]
    public void Record_after_a_long_one_holds_nothing_of_it()
    {
        var notification = Incoming.Notification(TimeProvider.System.GetUtcNow());
        var longer = Incoming.Notification(
            TimeProvider.System.GetUtcNow(),
            Incoming.Body.Replace("\"B\"", $"\"{new string('L', Long)}\"", StringComparison.Ordinal)
        );
        var before = RecordOf(notification).Value;
        Assert.True(RecordOf(longer).Value.Length > Long);
        Assert.Equal(before, RecordOf(notification).Value);

        static OutgoingRecord RecordOf(Notify.Workers.Router.Intake.IncomingNotification incoming) =>
            new Sendable(
                OpenRows.Of(
                    incoming,
                    Candidates
                        .Of(
                            incoming.Tenant,
                            incoming.Id,
                            incoming.Request,
                            new Dictionary<(string, string), Notify.Core.Recipients.Profile>(),
                            incoming.Terms.Channels
                        )
                        .First(candidate => candidate.Address is not null)
                ),
                incoming.Request,
                null
            ).ToRecord(1);
    }
}
