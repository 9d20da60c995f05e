using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>One record in a hundred is poison, at both doors of the pipeline.</summary>
[Collection(FaultTests.Name)]
public sealed class F06PoisonTests(FaultApp app, ITestOutputHelper output)
{
    private const string Notifications = "notifications.standard";
    private const string Deliveries = "deliveries.email.standard";
    private const string Recipient = "poison@example.test";

    private static readonly (string Topic, string Value, string? Version, string Cause)[] s_poisons =
    [
        (Notifications, "{\"recipients\": [", null, "unreadable"),
        (Notifications, "", null, "unreadable"),
        (
            Notifications,
            "{\"recipients\":[{\"email\":\"" + Recipient + "\"}],\"message\":{\"title\":\"a\",\"body\":\"b\"}}",
            "9",
            "unknown_schema_version"
        ),
        (Notifications, "{\"recipients\":[{\"email\":\"no address\"}],\"message\":{\"title\":\"a\",\"body\":\"b\"}}", null, "invalid"),
        (
            Notifications,
            "{\"recipients\":[{\"recipientId\":\"a\\u0000b\"}],\"message\":{\"title\":\"a\\u0000\",\"body\":\"b\"}}",
            null,
            "*"
        ), // text that Postgres cannot hold
        (Deliveries, "[]", null, "unreadable"),
        (Deliveries, "{\"id\":\"7\"}", null, "unreadable"),
        (Deliveries, "{}", "9", "unknown_schema_version"),
        (Deliveries, "null", null, "unreadable"),
        (
            Deliveries,
            "{\"id\":\"a3bb189e-8bf9-4c64-9bd5-5b1f2a5f2a11\",\"notificationId\":\"a3bb189e-8bf9-4c64-9bd5-5b1f2a5f2a11\",\"address\":\""
                + Recipient
                + "\",\"priority\":\"normal\",\"expiresAt\":\"9999-01-01T00:00:00Z\",\"content\":{\"title\":\"a\",\"body\":\"b\"}}",
            null,
            "unreadable"
        ),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F06")]
    public async Task Poison_is_kept_with_its_cause_and_place_and_stops_nothing()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F06", 400);
        var parcels = run.Emails();
        var plain = await run.LatencyAsync(parcels[..(parcels.Length / 2)], Cancel);

        var poison = PoisonAsync(run, Math.Max(s_poisons.Length, run.Count / 100));
        var beside = await run.LatencyAsync(parcels[(parcels.Length / 2)..], Cancel);
        var places = await poison;
        run.FaultEnded();
        var kept = await Until.GetAsync(
            async () => await KeptAsync(run, places) is { } found && found.Count == places.Count ? found : null,
            _ => $"all {places.Count} poisonous records are dead letters",
            Cancel
        );
        var balance = await run.EndAsync(
            ("poison", places.Count),
            ("kept", kept.Count),
            ("calls", kept.Values.Sum(letter => letter.Attempts)),
            ("p99plain", $"{plain.P99:0}ms"),
            ("p99beside", $"{beside.P99:0}ms"),
            ("ratio", Math.Round(beside.P99 / plain.P99, 2))
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.All(places, place =>
            Assert.True(place.Cause == "*" || kept[place.At].Cause == place.Cause, $"{place} is kept as {kept[place.At]}.")
        );
        // The attempts of a letter are calls to providers: poison comes to none.
        Assert.All(kept.Values, letter => Assert.Equal(0, letter.Attempts));
        Assert.Empty(await run.Sandbox.ToAsync(Recipient, Cancel));
    }

    private static async Task<List<Place>> PoisonAsync(FaultRun run, int count)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = run.Notify.Kafka, LingerMs = 0 }
        ).Build();
        var places = new List<Place>();
        for (var index = 0; index < count; index++)
        {
            var (topic, value, version, cause) = s_poisons[index % s_poisons.Length];
            var headers = new Headers { { "tenant", "development"u8.ToArray() } };
            if (version is not null)
                headers.Add("schema-version", Encoding.ASCII.GetBytes(version));
            var record = new Message<byte[], byte[]>
            {
                Key = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString()),
                Value = Encoding.UTF8.GetBytes(value),
                Headers = headers,
            };
            var at = await producer.ProduceAsync(topic, record, Cancel);
            places.Add(new Place(topic, at.Partition.Value, at.Offset.Value, cause));
            await Task.Delay(run.Moment(TimeSpan.FromMilliseconds(50)), Cancel);
        }
        return places;
    }

    /// <summary>The letters by place: a record that is kept twice would be one key too many.</summary>
    private static async Task<Dictionary<(string, int, long), Letter>> KeptAsync(FaultRun run, List<Place> places)
    {
        var wanted = JsonSerializer.Serialize(
            places.Select(place => new
            {
                t = place.Topic,
                p = place.Partition,
                o = place.Offset,
            })
        );
        var rows = await run.Notify.QueryAsync(
            "SELECT topic, partition, record_offset, cause, attempt_count FROM dead_letters JOIN jsonb_to_recordset(@wanted::jsonb) AS w(t text, p int, o bigint) ON topic = w.t AND partition = w.p AND record_offset = w.o",
            reader =>
                (
                    Key: (reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2)),
                    Letter: new Letter(reader.GetString(3), reader.GetInt32(4))
                ),
            Cancel,
            new NpgsqlParameter("wanted", wanted)
        );
        return rows.ToDictionary(row => row.Key, row => row.Letter);
    }

    private sealed record Place(string Topic, int Partition, long Offset, string Cause)
    {
        public (string, int, long) At => (Topic, Partition, Offset);
    }

    private sealed record Letter(string Cause, int Attempts);
}
