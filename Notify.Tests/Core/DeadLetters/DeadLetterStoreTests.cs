using Confluent.Kafka;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;

namespace Notify.Tests.Core.DeadLetters;

public sealed class DeadLetterStoreTests(PostgresServer server) : DatabaseTests(server)
{
    private readonly ManualTime _time = new(new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync("INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now())");
    }

    [Theory]
    [InlineData(1_795_262_400_000)]
    [InlineData(long.MaxValue)]
    [InlineData(-5)]
    public async Task Same_record_is_kept_once_whatever_its_time(long milliseconds)
    {
        var store = new DeadLetterStore(Database.Source, _time);
        var record = Record(milliseconds, 7);
        await store.KeepAsync(record, DeadLetterCauses.Unreadable, Cancel, "at \0 😀");
        _time.Now += TimeSpan.FromHours(30);
        await store.KeepAsync(record, DeadLetterCauses.Unreadable, Cancel);
        await store.KeepAsync(Record(milliseconds, 8), DeadLetterCauses.Unreadable, Cancel);

        Assert.Equal(
            ["7 acme t 3 unreadable", "8 acme t 3 unreadable"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', record_offset, tenant_id, topic, partition, cause) FROM dead_letters ORDER BY 1"
            )
        );
        Assert.True(
            await Database.ScalarAsync<bool>(
                "SELECT record_value = '\\x00ff' AND record_headers->>'tenant' = encode('acme', 'base64') AND detail = 'at  😀' FROM dead_letters WHERE record_offset = 7"
            )
        );
    }

    [Fact]
    public async Task Record_without_a_usable_tenant_is_kept_under_none()
    {
        var record = new ConsumedRecord(
            new()
            {
                TopicPartitionOffset = new("t", 0, 1),
                Message = new()
                {
                    Headers = new Headers { { "tenant", "a\0"u8.ToArray() }, { "empty", null } },
                },
            }
        );
        await new DeadLetterStore(Database.Source, _time).KeepAsync(record, DeadLetterCauses.NoTenant, Cancel);
        Assert.Equal("", await Database.ScalarAsync<string>("SELECT tenant_id FROM dead_letters"));
    }

    [Fact]
    public async Task Record_of_a_tenant_that_is_not_there_is_kept_under_none()
    {
        var record = new ConsumedRecord(
            new()
            {
                TopicPartitionOffset = new("notifications.bulk", 0, 1),
                Message = new() { Headers = new Headers().With("tenant", "ghost") },
            }
        );
        await new DeadLetterStore(Database.Source, _time).KeepAsync(record, DeadLetterCauses.UnknownTenant, Cancel);
        Assert.Equal(
            [" bulk record open"],
            await Database.ListAsync("SELECT concat_ws(' ', tenant_id, channel, lane, kind, state) FROM dead_letters")
        );
    }

    [Fact]
    public async Task Records_of_one_topic_and_cause_are_a_group()
    {
        var store = new DeadLetterStore(Database.Source, _time);
        foreach (
            var (offset, topic, cause) in new[]
            {
                (1, "deliveries.sms.bulk", "unreadable"),
                (2, "deliveries.sms.bulk", "unreadable"),
                (3, "deliveries.sms.bulk", "invalid"),
                (4, "receipts", "unreadable"),
            }
        )
            await store.KeepAsync(
                new(
                    new()
                    {
                        TopicPartitionOffset = new(topic, 0, offset),
                        Message = new() { Headers = new Headers().With("tenant", "acme") },
                    }
                ),
                cause,
                Cancel
            );
        Assert.Equal(["1", "1", "2"], await Database.ListAsync("SELECT count(*) FROM dead_letters GROUP BY fingerprint ORDER BY 1"));
        Assert.Equal(["3"], await Database.ListAsync("SELECT count(*) FROM dead_letters WHERE channel = 'sms' AND lane = 'bulk'"));
    }

    private static ConsumedRecord Record(long milliseconds, long offset) =>
        new(
            new()
            {
                TopicPartitionOffset = new("t", 3, offset),
                Message = new()
                {
                    Key = [1],
                    Value = [0, 255],
                    Timestamp = new(milliseconds, TimestampType.CreateTime),
                    Headers = new Headers().With("tenant", "acme"),
                },
            }
        );
}
