using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Lanes;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Sending.Providers;
using Notify.Workers.Email;
using Notify.Workers.Push;
using Notify.Workers.Router;
using Notify.Workers.Sms;

namespace Notify.Tests.Fuzzing;

/// <summary>What anybody may write on a worker's topic.</summary>
public sealed class DeliveryRecordTests(PostgresServer server) : FuzzTests(server)
{
    private const string Topic = "deliveries.sms.bulk";
    private const string Group = "notify.sms.bulk";
    private const string V4 = "a3bb189e-8bf9-4c64-9bd5-5b1f2a5f2a11";
    private readonly StubProvider _provider = new();
    private int _calls;

    [Fact]
    public async Task Poison_is_kept_once_and_the_next_record_is_sent()
    {
        var id = UuidV7.New(TimeProvider.System.GetUtcNow()).ToString();
        string?[] poison =
        [
            null,
            "",
            "null",
            "[]",
            "7",
            "\"x\"",
            "{}",
            "{\"id\":null}",
            Good(V4),
            Good("00000000-0000-0000-0000-000000000000"),
            Good("ffffffff-ffff-7fff-bfff-ffffffffffff"),
            "{\"id\":\"\\ud800\"}",
            $"{{\"\\ud800\":1,\"id\":\"{id}\"}}",
            $"{{\"id\":\"{id}\",\"expiresAt\":\"\\ud800\"}}",
            $"{{\"id\":\"{id}\",\"expiresAt\":7}}",
            Good(id).Replace("\"+15005550001\"", "null", StringComparison.Ordinal),
            Good(id).Replace("+15005550001", "\\u0000", StringComparison.Ordinal),
            Good(id).Replace("\"normal\"", "null", StringComparison.Ordinal),
            Good(id).Replace("{\"body\":\"B\"}", "null", StringComparison.Ordinal),
            Good(id).Replace("{\"body\":\"B\"}", "{\"body\":\"B\",\"data\":{\"a\":null}}", StringComparison.Ordinal),
        ];
        var key = Assert.Single(await Database.AddQueuedAsync(1));
        await using var worker = await StartAsync();

        foreach (var value in poison)
            await ProduceAsync(Topic, value is null ? null : Encoding.UTF8.GetBytes(value), Headers());
        var next = Jobs(key);
        var last = await ProduceAsync(Topic, next.Value, next.Headers);

        await PassedAsync(Group, Topic, last);
        var letters = await LettersAsync();
        Assert.All(Enumerable.Range(0, poison.Length), offset => Assert.Equal("unreadable", Assert.Single(letters[offset])));
        Assert.Equal(key.Id, Assert.Single(_provider.Calls).DeliveryId);
    }

    [Fact]
    public async Task Worker_goes_on_whatever_is_written_on_its_topic()
    {
        var count = FuzzSettings.Count(2_000);
        // Answers by which each kind of statement is made of what a record says.
        Outcome[] answers =
        [
            Outcome.Sent("id"),
            new(OutcomeKind.DeadAddress, Code: "dead"),
            new(OutcomeKind.OptedOut),
            new(OutcomeKind.Transient, ConcernsAddress: true),
        ];
        _provider.Answer = (_, _) => Task.FromResult(answers[Interlocked.Increment(ref _calls) % answers.Length]);
        var keys = await Database.AddQueuedAsync(count + 1);
        await using var worker = await StartAsync();

        foreach (var part in keys.Chunk(500))
        {
            var offsets = await Task.WhenAll(
                part.Select(key =>
                {
                    var good = Jobs(key);
                    if (key == keys[^1])
                        return ProduceAsync(Topic, good.Value, good.Headers);
                    Mutator.Change(good.Headers);
                    return ProduceAsync(Topic, Mutator.Value(good.Value), good.Headers);
                })
            );
            await PassedAsync(Group, Topic, offsets.Max()); // the broker keeps a few megabytes of a partition
        }

        Assert.Contains(_provider.Calls, call => call.DeliveryId == keys[^1].Id);
        Assert.All(await LettersAsync(), letters => Assert.Single(letters));
    }

    [Theory]
    [InlineData(Channel.Push)]
    [InlineData(Channel.Email)]
    [InlineData(Channel.Sms)]
    public void Reader_never_throws_and_a_record_is_a_job_or_has_a_cause(Channel channel)
    {
        var reader = new DeliveryReader(channel);
        Func<DeliveryRecord, object> render = channel switch
        {
            Channel.Push => PushMessage.Of,
            Channel.Email => EmailMessage.Of,
            _ => SmsMessage.Of,
        };
        for (var i = 0; i < FuzzSettings.Count(5_000); i++)
        {
            var good = Jobs(new("acme", UuidV7.New(TimeProvider.System.GetUtcNow())), channel);
            Mutator.Change(good.Headers);
            var value = Mutator.Value(good.Value);
            var record = new ConsumedRecord(
                new()
                {
                    TopicPartitionOffset = new(Topic, 0, i),
                    Message = new() { Value = value, Headers = good.Headers },
                }
            );
            var shown = $"Seed {FuzzSettings.Seed}, record {i}: {Encoding.UTF8.GetString(value)}";
            if (reader.TryRead(record, out var job, out var unreadable))
                Assert.True(
                    UuidV7.TryGetTime(job.Key.Id, out _) && job.Delivery.Address is not null && render(job.Delivery) is not null,
                    shown
                );
            else
                Assert.True(unreadable.Cause.Length > 0 && (unreadable.Key is not { } key || UuidV7.TryGetTime(key.Id, out _)), shown);
        }
    }

    private static string Good(string id) =>
        $$$"""{"id":"{{{id}}}","notificationId":"{{{id}}}","address":"+15005550001","priority":"normal","expiresAt":"9999-01-01T00:00:00Z","content":{"body":"B"}}""";

    private static OutgoingRecord Jobs(DeliveryKey key, Channel channel = Channel.Sms) =>
        new Sendable(
            key.Tenant,
            channel,
            Lane.Bulk,
            new DeliveryRecord
            {
                Id = key.Id,
                NotificationId = key.Id,
                Address = "+15005550001",
                RecipientId = "u1",
                Device = new()
                {
                    DeviceId = "d1",
                    Platform = "fcm",
                    App = "app",
                    Environment = "production",
                    RegisteredAt = UuidV7.TimeOf(key.Id),
                },
                Priority = Priorities.Normal,
                ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1),
                Content = new()
                {
                    Title = "T",
                    Body = "B",
                    Html = "<p>B",
                    Data = new Dictionary<string, string> { ["k"] = "v" },
                },
            },
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        ).ToRecord(weight: 2);

    private Task<RunningService> StartAsync() => StartAsync("Notify.Workers.Sms", builder =>
        {
            builder.AddChannelWorker(Channel.Sms, SmsMessage.Of);
            builder.Services.AddSingleton<IProvider<SmsMessage>>(_provider);
        });
}
