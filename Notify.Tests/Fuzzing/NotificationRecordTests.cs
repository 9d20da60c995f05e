using System.Text;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;

namespace Notify.Tests.Fuzzing;

/// <summary>What anybody may write on the Router's topic.</summary>
public sealed class NotificationRecordTests(PostgresServer server) : FuzzTests(server)
{
    private const string Topic = "notifications.bulk";
    private const string Group = "notify.router.bulk";

    private static readonly string[] s_good =
    [
        """{"recipients":[{"phone":"+15005550006"}],"message":{"body":"B"}}""",
        """{"recipients":["u1",{"id":"u2"},{"email":"a@example.test","push":{"token":"t","platform":"fcm","app":"x","environment":"sandbox"}}],"channels":["push","email","sms"],"type":"alert","category":"c","priority":"low","payload":{"k":"v","n":1,"o":{"a":[true,null]}},"message":{"title":"T","body":"B","push":{"title":"P","body":"Q"},"email":{"subject":"S","text":"X","html":"<p>"},"sms":{"body":"Y"}},"ttl":60,"deduplicationKey":"d"}""",
    ];

    [Fact]
    public async Task Poison_is_kept_once_and_the_next_record_is_routed()
    {
        await AddTenantAsync();
        string?[] poison =
        [
            null,
            "",
            "null",
            "[]",
            "{}",
            "{\"recipients\":[null],\"message\":{\"body\":\"B\"}}",
            s_good[0].Replace("\"B\"", "\"\\ud800\"", StringComparison.Ordinal),
            "{\"recipients\":[{\"id\":\"a\\u0000b\"}],\"channels\":[\"sms\"],\"message\":{\"body\":\"B\"}}",
            s_good[0].Replace("\"B\"", "[[]]", StringComparison.Ordinal),
        ];
        await using var router = await StartAsync("Notify.Workers.Router", builder => builder.AddRouter());

        foreach (var value in poison)
            await ProduceAsync(Topic, value is null ? null : Encoding.UTF8.GetBytes(value), Headers());
        var last = await ProduceAsync(Topic, Encoding.UTF8.GetBytes(s_good[0]), Headers());

        await PassedAsync(Group, Topic, last);
        var letters = await LettersAsync();
        Assert.All(Enumerable.Range(0, poison.Length), offset => Assert.Single(letters[offset]));
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM notifications"));
    }

    [Fact]
    public async Task Router_goes_on_whatever_is_written_on_its_topic()
    {
        await AddTenantAsync();
        var count = FuzzSettings.Count(3_000);
        await using var router = await StartAsync("Notify.Workers.Router", builder => builder.AddRouter());

        foreach (var part in Enumerable.Range(0, count).Chunk(500))
        {
            var last = (
                await Task.WhenAll(
                    part.Select(i =>
                    {
                        var headers = Headers()
                            .With(RecordHeaders.NotificationId, UuidV7.New(TimeProvider.System.GetUtcNow()).ToString())
                            .With(RecordHeaders.IdempotencyKey, $"k{i}")
                            .With(RecordHeaders.TraceParent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
                        Mutator.Change(headers);
                        return ProduceAsync(Topic, Mutator.Value(Encoding.UTF8.GetBytes(s_good[i % s_good.Length])), headers);
                    })
                )
            ).Max();
            await PassedAsync(Group, Topic, last); // the broker keeps a few megabytes of a partition
        }

        var letters = await LettersAsync();
        Assert.All(letters, kept => Assert.Single(kept));
        // Every record is a notification or a letter; a duplicate of another's id, by which two would be one, is not among the mutations'
        // headers.
        Assert.Equal(count, letters.Count + await Database.ScalarAsync<long>("SELECT count(*) FROM notifications"));
    }

    private Task AddTenantAsync() =>
        Database.ExecuteAsync("INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now())");
}
