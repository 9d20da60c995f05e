using System.Reflection;
using Confluent.Kafka;
using Notify.Api.DeadLetters;
using Notify.Core.Auditing;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Workers.Router.Replays;

/// <summary>Replays and letters that a newer version wrote, or that are broken.</summary>
public sealed class UnreadableReplayTests(PostgresServer server) : ReplayTests(server)
{
    [Theory]
    [InlineData("""{"filter":{"code":"a","template":"welcome"}}""")] // without what it does not know it would take more
    [InlineData("""{"group":"x"}""")]
    [InlineData("""{"ids":7}""")]
    [InlineData("null")]
    public async Task Replay_that_this_version_cannot_read_is_stopped_and_the_others_go_on(string selection)
    {
        await Database.AddDeadAsync(2, code: "a");
        var newer = await Place.AddAsync(Operator, Everything, Cancel);
        await Database.ExecuteAsync($"UPDATE replays SET selection = '{selection}'");
        await Place.AddAsync(
            Operator,
            new()
            {
                Filter = new() { Code = "a" },
                RatePerSecond = 10_000,
            },
            Cancel
        );

        await StepAllAsync();

        Assert.Equal(["done 2", "stopped 0"], await Database.ListAsync("SELECT concat_ws(' ', state, replayed) FROM replays ORDER BY 1"));
        Assert.Equal(
            [$"{newer} unreadable"],
            await Database.ListAsync("SELECT concat_ws(' ', subject, details->>'reason') FROM audit_log WHERE action = 'replay.stopped'")
        );

        await Database.ExecuteAsync("""UPDATE replays SET selection = '{"filter":{"code":"a"}}'""");
        await Place.ChangeAsync(Operator, newer, ReplayChange.Resume, Cancel);
        await StepAllAsync();
        Assert.Equal(["done", "done"], await Database.ListAsync("SELECT state FROM replays"));
    }

    [Theory]
    [InlineData("kind = 'receipt'")]
    [InlineData("record_headers = '7'")]
    [InlineData("""record_headers = '{"tenant":"not base64!"}'""")]
    [InlineData("record_headers = NULL")]
    [InlineData("record_value = NULL")]
    [InlineData("topic = NULL")]
    [InlineData("kind = 'delivery'")] // and it names none
    public async Task Letter_that_this_version_cannot_read_is_skipped_and_stays_open(string change)
    {
        await KeepAsync(Incoming.Record(time: TimeProvider.System.GetUtcNow(), offset: 1));
        await Database.ExecuteAsync($"UPDATE dead_letters SET {change}");
        await KeepAsync(Incoming.Record(time: TimeProvider.System.GetUtcNow(), offset: 2));
        await Place.AddAsync(Operator, Everything, Cancel);

        await StepAllAsync();

        Assert.Equal(["done 1 1"], await Database.ListAsync("SELECT concat_ws(' ', state, replayed, skipped) FROM replays"));
        Assert.Equal(
            ["unreadable"],
            await Database.ListAsync("SELECT details->>'reason' FROM audit_log WHERE action = 'dead_letter.skipped'")
        );
        Assert.Equal(["open", "replayed"], await Database.ListAsync("SELECT state FROM dead_letters ORDER BY 1"));
        Assert.Single(Broker.Read(Topic));
    }

    [Fact]
    public async Task Record_that_travelled_with_one_that_is_too_large_is_replayed_alone()
    {
        await KeepAsync(Incoming.Record(time: TimeProvider.System.GetUtcNow(), offset: 1));
        await KeepAsync(Incoming.Record(body: new string(' ', 5_000), time: TimeProvider.System.GetUtcNow(), offset: 2));
        await Place.AddAsync(Operator, Everything, Cancel);

        await StoreOn(new RecordProducer(DispatchProxy.Create<IProducer<byte[], byte[]>, SmallBroker>()), TimeProvider.System)
            .StepAsync(Cancel);

        Assert.Equal(["1 1"], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays"));
        Assert.Equal(
            ["open 5000", "replayed 64"],
            await Database.ListAsync("SELECT concat_ws(' ', state, length(record_value)) FROM dead_letters ORDER BY 1")
        );
    }

    /// <summary>Takes no large record, and the first two together for one.</summary>
#pragma warning disable CA1852 // The proxy's class derives from it, at run time.
    internal class SmallBroker : DispatchProxy
#pragma warning restore CA1852
    {
        private int _asked;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var message = (Message<byte[], byte[]>)args![1]!;
            var refused = ++_asked <= 2 || message.Value.Length > 1_000;
            ((Action<DeliveryReport<byte[], byte[]>>)args[2]!)(
                new()
                {
                    Error = new(refused ? ErrorCode.MsgSizeTooLarge : ErrorCode.NoError),
                    Message = message,
                    Status = refused ? PersistenceStatus.NotPersisted : PersistenceStatus.Persisted,
                }
            );
            return null;
        }
    }
}
