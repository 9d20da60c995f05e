using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Tenants;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;

namespace Notify.Tests.Workers.Router;

public sealed class RecordReaderTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now()), ('off', false, now())"
        );
    }

    [Fact]
    public async Task Record_of_the_api_is_read()
    {
        var id = UuidV7.New(Now);
        var result = await ReadAsync(
            Incoming.Record(
                headers: Headers("acme", id.ToString())
                    .With("schema-version", "1")
                    .With("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            )
        );
        Assert.Equal(
            (id, "acme", Now, false),
            (result.Notification!.Id, result.Notification.Tenant, result.Notification.AcceptedAt, !result.Notification.Owner.IsEnabled)
        );
        Assert.StartsWith("00-0af", result.Notification.TraceParent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_without_an_id_gets_the_same_one_on_every_replay()
    {
        var ids = new List<Guid>();
        foreach (var offset in new[] { 7L, 7L, 8L })
            ids.Add((await ReadAsync(Incoming.Record(time: Now.AddMinutes(-3), offset: offset))).Notification!.Id);
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.All(ids, id => Assert.Equal(Now.AddMinutes(-3), UuidV7.TimeOf(id)));
    }

    [Theory]
    [InlineData("acme", "no-uuid")]
    [InlineData("acme", "a3bb189e-8bf9-4c64-9bd5-5b1f2a5f2a11")]
    [InlineData("acme", "ffffffff-ffff-7fff-bfff-ffffffffffff")]
    [InlineData("acme", "00000000-0000-7000-8000-000000000000")]
    public async Task Id_that_is_none_is_a_dead_letter(string tenant, string id) =>
        Assert.Equal("bad_notification_id", (await ReadAsync(Incoming.Record(headers: Headers(tenant, id)))).Cause);

    [Theory]
    [InlineData(-29, true)]
    [InlineData(-31, false)]
    [InlineData(0.04, true)]
    [InlineData(0.05, false)]
    public async Task Given_and_derived_ids_are_of_the_last_30_days(double days, bool usable)
    {
        var at = Now.AddDays(days);
        Assert.Equal(usable, (await ReadAsync(Incoming.Record(headers: Headers("acme", UuidV7.New(at).ToString())))).Cause is null);
        Assert.Equal(usable, (await ReadAsync(Incoming.Record(time: at))).Cause is null);
    }

    [Theory]
    [InlineData("", "unreadable")]
    [InlineData("{", "unreadable")]
    [InlineData("null", "unreadable")]
    [InlineData("[]", "unreadable")]
    [InlineData("""{"recipients":[7]}""", "unreadable")]
    [InlineData("""{"recipients":["u1"]}""", "invalid")]
    [InlineData("""{"recipients":["u1"],"channels":["push"],"payload":{"a":"\ud800"},"message":{"body":"B"}}""", "invalid")]
    [InlineData("""{"recipients":["u1"],"channels":["sms"],"newer":{"field":1},"message":{"body":"B","newer":1}}""", null)]
    public async Task Value_is_read_and_held_to_the_rules(string body, string? cause) =>
        Assert.Equal(cause, (await ReadAsync(Incoming.Record(body, Headers("acme", UuidV7.New(Now).ToString())))).Cause);

    [Fact]
    public async Task Detail_of_a_dead_letter_names_the_place_and_no_value()
    {
        var detail = (
            await ReadAsync(Incoming.Record("""{"recipients":[{"email":"secret@x"}]}""", Headers("acme", UuidV7.New(Now).ToString())))
        ).Detail!;
        Assert.Contains("recipients[0].email", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_and_tenants_are_known_or_the_record_is_a_dead_letter()
    {
        var id = UuidV7.New(Now).ToString();
        Assert.Equal(
            "unknown_schema_version",
            (await ReadAsync(Incoming.Record(headers: Headers("acme", id).With("schema-version", "2")))).Cause
        );
        Assert.Equal("unknown_tenant", (await ReadAsync(Incoming.Record(headers: Headers("nobody", id)))).Cause);
        Assert.Equal("no_tenant", (await ReadAsync(Incoming.Record(headers: new Headers().With("notification-id", id)))).Cause);
        Assert.Equal(
            "acme",
            (await ReadAsync(Incoming.Record(headers: new Headers().With("notification-id", id)), "acme")).Notification!.Tenant
        );
        Assert.False((await ReadAsync(Incoming.Record(headers: Headers("off", id)))).Notification!.Owner.IsEnabled);
    }

    private static Headers Headers(string tenant, string id) => new Headers().With("tenant", tenant).With("notification-id", id);

    private ValueTask<ReadResult> ReadAsync(ConsumedRecord record, string? defaultTenant = null)
    {
        var time = new ManualTime(Now);
        return new RecordReader(
            new TenantDirectory(Database.Source, time),
            Options.Create(new RouterOptions { DefaultTenant = defaultTenant }),
            time
        ).ReadAsync(record, Lane.Standard, Cancel);
    }
}
