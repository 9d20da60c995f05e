using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed;

/// <summary>Producers that never meet the API.</summary>
[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class ForeignRecordTests(NotifyApp app)
{
    private const string Topic = "notifications.standard";
    private const string Kcat = "/usr/bin/kcat";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bare_record_of_another_client_is_delivered_once()
    {
        var notify = await app.ReadyAsync(Cancel);
        var email = Requests.NewEmail();

        await ProduceAsync(notify, email, Json(email));

        await ArrivedAsync(notify, email);
    }

    [Fact]
    public async Task A_line_from_the_command_line_client_is_delivered_once()
    {
        var notify = await app.ReadyAsync(Cancel);
        var email = Requests.NewEmail();
        var line = Encoding.UTF8.GetString(Json(email));

        if (File.Exists(Kcat))
        {
            using var kcat = Process.Start(
                new ProcessStartInfo(Kcat, ["-P", "-b", notify.Kafka, "-t", Topic]) { RedirectStandardInput = true }
            )!;
            await kcat.StandardInput.WriteLineAsync(line.AsMemory(), Cancel);
            kcat.StandardInput.Close();
            await kcat.WaitForExitAsync(Cancel);
            Assert.Equal(0, kcat.ExitCode);
        }
        else
        {
            await ProduceAsync(notify, null, Encoding.UTF8.GetBytes(line + "\n")); // the same record, where the machine lacks the client
        }

        await ArrivedAsync(notify, email);
    }

    [Theory]
    [InlineData("unreadable", "{\"recipients\": [", null, null)]
    [InlineData("unreadable", "not JSON", null, null)]
    [InlineData("unreadable", "", null, null)]
    [InlineData("invalid", "{}", null, null)]
    [InlineData("unknown_schema_version", null, "schema-version", "9")]
    [InlineData("bad_notification_id", null, "notification-id", "17")]
    [InlineData("bad_notification_id", null, "notification-id", "6f1c2a54-7d6e-4c51-9d43-3d1f0a9b7c11")]
    [InlineData("bad_notification_id", null, "notification-id", "01000000-0000-7000-8000-000000000000")]
    [InlineData("unknown_tenant", null, "tenant", "nobody")]
    public async Task A_record_that_cannot_be_used_is_kept_and_the_next_one_delivered(
        string cause,
        string? value,
        string? header,
        string? text
    )
    {
        var notify = await app.ReadyAsync(Cancel);
        var (refused, next) = (Requests.NewEmail(), Requests.NewEmail());
        var key = next;

        var at = await ProduceAsync(
            notify,
            key,
            value is null ? Json(refused) : Encoding.UTF8.GetBytes(value),
            header is null ? [] : [(header, text!)]
        );
        var after = await ProduceAsync(notify, key, Json(next));

        Assert.Equal(at.Partition, after.Partition);
        await ArrivedAsync(notify, next);
        Assert.Empty(await notify.Sandbox.ToAsync(refused, Cancel));
        var kept = await notify.QueryAsync(
            "SELECT cause, record_value FROM dead_letters WHERE topic = @topic AND partition = @partition AND record_offset = @offset",
            reader => (Cause: reader.GetString(0), Value: reader.GetFieldValue<byte[]>(1)),
            Cancel,
            new NpgsqlParameter("topic", Topic),
            new NpgsqlParameter("partition", at.Partition.Value),
            new NpgsqlParameter("offset", at.Offset.Value)
        );
        Assert.Equal(cause, Assert.Single(kept).Cause);
        Assert.Equal(value is null ? Json(refused) : Encoding.UTF8.GetBytes(value), kept[0].Value);
    }

    [Fact]
    public async Task A_mail_that_is_larger_than_Kafka_takes_once_it_is_a_delivery_fails_and_the_next_one_is_delivered()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (large, next) = (Requests.NewEmail(), Requests.NewEmail());
        var id = Guid.CreateVersion7();
        var pictures = string.Concat(Enumerable.Repeat("\U0001F600", 100_000)); // four bytes each as they come, twelve as they go on
        var value = Encoding.UTF8.GetBytes(
            $$$$"""{"recipients":[{"email":"{{{{large}}}}"}],"channels":["email"],"message":{"title":"T","body":"B","email":{"html":"{{{{pictures}}}}"}}}"""
        );

        var at = await ProduceAsync(notify, next, value, ("notification-id", id.ToString()));
        var after = await ProduceAsync(notify, next, Json(next));

        Assert.Equal(at.Partition, after.Partition);
        await ArrivedAsync(notify, next);
        Assert.Equal("too_large", (await notify.Api.SingleAsync(id, "failed", Cancel)).Reason);
        Assert.Empty(await notify.Sandbox.ToAsync(large, Cancel));
    }

    [Fact]
    public async Task A_replayed_record_is_delivered_once()
    {
        var notify = await app.ReadyAsync(Cancel);
        var (email, next) = (Requests.NewEmail(), Requests.NewEmail());
        var id = Guid.CreateVersion7();

        await ProduceAsync(notify, email, Json(email), ("notification-id", id.ToString()));
        await ProduceAsync(notify, email, Json(email), ("notification-id", id.ToString()));
        await notify.Api.SingleAsync(id, "sent", Cancel);
        await ProduceAsync(notify, email, Json(email), ("notification-id", id.ToString()));
        await ProduceAsync(notify, email, Json(next));

        await ArrivedAsync(notify, next); // the same partition: all before it were read
        Assert.Single((await notify.Api.SingleAsync(id, "sent", Cancel)).Attempts);
        await notify.Sandbox.SingleToAsync(email, Cancel);
    }

    private static byte[] Json(string email) => JsonSerializer.SerializeToUtf8Bytes(Requests.Email(email));

    private static async Task ArrivedAsync(RunningNotify notify, string email) =>
        await Until.GetAsync(
            async () => await notify.Sandbox.ToAsync(email, Cancel) is [var message] ? message : null,
            _ => "one mail arrived",
            Cancel
        );

    private static async Task<DeliveryResult<byte[], byte[]>> ProduceAsync(
        RunningNotify notify,
        string? key,
        byte[] value,
        params (string Name, string Value)[] headers
    )
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = notify.Kafka, LingerMs = 0 }
        ).Build();
        var message = new Message<byte[], byte[]>
        {
            Key = key is null ? null! : Encoding.UTF8.GetBytes(key),
            Value = value,
            Headers = [],
        };
        foreach (var (name, text) in headers)
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        return await producer.ProduceAsync(Topic, message, Cancel);
    }
}
