using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Notify.Api.Preferences;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Routing;
using Notify.Core.Suppressions;
using Notify.Core.Tenants;
using Notify.Tests.Core.Caching;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Release;

namespace Notify.Tests.Workers.Router;

/// <summary>What people want decides what is queued, what comes out of waiting, and what anybody may claim.</summary>
public sealed class ConsentTests(PostgresServer server) : RouterTests(server)
{
    private const string NoText = """{"channels":{"sms":false}}""";
    private readonly KeepingRedis _redis = new();

    private TestRouting Routing => new(Database.Source, new(Options.Create(new RouterOptions())), TimeProvider.System, Cache(_redis));

    [Fact]
    public async Task Preference_quiet_hours_and_suppression_decide_what_is_queued()
    {
        await AddPersonAsync("wants");
        await AddPersonAsync("refuses", NoText);
        var now = TimeProvider.System.GetUtcNow();
        await AddPersonAsync(
            "sleeps",
            $$$"""{"quietHours":{"zone":"Etc/UTC","windows":[{"from":"{{{now.AddHours(-1):HH:mm}}}","to":"{{{now.AddHours(1):HH:mm}}}"}]}}"""
        );
        await SuppressAsync("+15005550008");

        var sent = await Routing.RouteAsync(
            Cancel,
            Text("""["wants","refuses","sleeps",{"phone":"+15005550008"},{"phone":"+15005550009"}]""")
        );

        Assert.Equal(2, sent.Count);
        Assert.Equal(
            [" queued  1", " suppressed suppressed 1;sx=all", "refuses skipped preference 1;pn/ph=false", "wants queued  1"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', coalesce(recipient_id, ''), state, coalesce(reason, ''), decision) FROM deliveries WHERE recipient_id IS DISTINCT FROM 'sleeps' ORDER BY 1"
            )
        );
        Assert.Equal(
            ["waiting quiet_hours"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, reason) FROM deliveries WHERE recipient_id = 'sleeps' AND due_at BETWEEN now() + interval '30 minutes' AND now() + interval '70 minutes' AND decision LIKE '1;qw%UTC'"
            )
        );
    }

    [Fact]
    public async Task Categorys_words_hold_where_the_request_says_nothing()
    {
        await AddPersonAsync("u");
        var shipping = new Category
        {
            Id = "orders.shipping",
            Title = new Dictionary<string, string> { ["en"] = "Shipping" },
            Channels = [Channel.Sms],
            Guarantee = Guarantee.AtMostOnce,
            TimeToLive = TimeSpan.FromHours(2),
            Type = NotificationTypes.Alert,
        };
        var owner = TenantEntry.Of(null, [shipping]);
        var named = Text("""["u"]""", "\"category\":\"orders.shipping\",", channels: null) with { Owner = owner };
        var own = Text("""["u"]""", "\"category\":\"orders.shipping\",\"ttl\":60,\"type\":\"transactional\",") with { Owner = owner };

        await Routing.RouteAsync(Cancel, named, own);

        Assert.Equal(
            ["alert sms queued true 02:00:00", "transactional sms queued true 00:01:00"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', n.type, d.channel, d.state, d.at_most_once::text, (d.expires_at - d.accepted_at)::text) FROM notifications n JOIN deliveries d USING (notification_id) ORDER BY 1"
            )
        );
    }

    [Fact]
    public void Books_kept_of_a_notification_find_it_again_whatever_was_found_out_since()
    {
        var notification = Text("""["u"]""");
        var books = new HashSet<IncomingNotification> { notification };
        Assert.Equal(NotificationTypes.Transactional, notification.Terms.Type);
        Assert.Contains(notification, books);
    }

    [Fact]
    public async Task Opt_out_beats_a_cached_profile_whose_invalidation_was_lost()
    {
        await AddPersonAsync("u");
        Assert.Single(await Routing.RouteAsync(Cancel, Text("""["u"]"""))); // the profile is in the cache now
        _redis.Trouble = RedisTrouble.LosesInvalidations;
        await SayAsync("u", NoText);

        Assert.Empty(await Routing.RouteAsync(Cancel, Text("""["u"]""")));

        Assert.Equal(2, await ReconsideredAsync());
        await ReleaseAsync();
        Assert.Equal(
            2L,
            await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'skipped' AND reason = 'preference'")
        );
    }

    [Fact]
    public async Task Opt_out_takes_back_what_is_open_and_leaves_what_a_provider_asked_to_wait()
    {
        await AddPersonAsync("u1");
        var (queued, retry, claimed, share) = (
            await Database.AddDeliveryAsync("queued"),
            await Database.AddDeliveryAsync("waiting", "now() + interval '5 minutes'"),
            await Database.AddDeliveryAsync("queued"),
            await Database.AddDeliveryAsync("waiting", "now() + interval '1 hour'")
        );
        await Database.ExecuteAsync($"UPDATE deliveries SET reason = 'retry' WHERE delivery_id = '{retry.Id}'");
        await Database.ExecuteAsync($"UPDATE deliveries SET reason = 'share' WHERE delivery_id = '{share.Id}'");
        var rows = new WorkerRows(Database.Source);
        var claim = Assert.Single(await rows.ClaimAsync([claimed], TimeSpan.FromMinutes(1), Cancel)).Value;

        await SayAsync("u1", NoText);

        Assert.Equal("waiting consent true", await RowAsync(queued));
        Assert.Equal("waiting consent false", await RowAsync(retry));
        Assert.Equal("waiting share false", await RowAsync(share));
        Assert.Equal("sending consent ", await RowAsync(claimed));
        Assert.Empty(await rows.ClaimAsync([queued, retry], TimeSpan.FromMinutes(1), Cancel));
        // The call that was under way goes on; what comes of it is decided again before it would be tried once more.
        var again = new Transition(DeliveryState.Waiting, DeliveryReasons.Retry, TimeProvider.System.GetUtcNow().AddSeconds(-1));
        Assert.Equal(1, await rows.SettleAsync([new(claimed, claim, again, null)], Cancel));
        Assert.Equal("waiting consent true", await RowAsync(claimed));
        Assert.Empty(await rows.ClaimAsync([claimed], TimeSpan.FromMinutes(1), Cancel));
        await ReleaseAsync();
        Assert.Equal("skipped preference ", await RowAsync(queued));
        Assert.Equal("skipped preference ", await RowAsync(claimed));
    }

    [Fact]
    public async Task Removed_recipient_gets_nothing_that_still_waits()
    {
        await AddPersonAsync("u1");
        var waiting = await Database.AddDeliveryAsync("waiting", "now() - interval '1 second'");
        await Database.ExecuteAsync("DELETE FROM recipients");
        await ReleaseAsync();
        Assert.Equal("skipped unknown_recipient ", await RowAsync(waiting));
    }

    /// <summary>A Router that stopped between its commit and its records reads them again, after the person has said no.</summary>
    [Fact]
    public async Task Record_that_is_read_again_is_decided_by_what_holds_then()
    {
        await AddPersonAsync("u");
        var notification = Text("""["u"]""");
        Assert.Single(await Routing.RouteAsync(Cancel, notification));
        await Database.ExecuteAsync(
            "UPDATE recipients SET preferences = '{\"channels\":{\"sms\":false}}', consent_version = nextval('consent_versions')"
        ); // as if the sweep of open rows had come before the commit
        Assert.Empty(await Routing.RouteAsync(Cancel, notification));
        Assert.Equal(1, await ReconsideredAsync());
    }

    /// <summary>
    /// People opt out while their messages are routed (by a cache that never hears of it), released and claimed, all at once. No claim that
    /// begins after the answer to an opt-out gets a row. <c>NOTIFY_OPT_OUTS</c> asks for more people than the few of a usual run.
    /// </summary>
    [Theory]
    [InlineData(RedisTrouble.LosesInvalidations)]
    [InlineData(RedisTrouble.Away)]
    [InlineData(RedisTrouble.Hangs)]
    [InlineData(RedisTrouble.IsFlushed)]
    public async Task No_claim_after_an_opt_out_whatever_happens_at_the_same_time(RedisTrouble trouble)
    {
        var people = int.Parse(Environment.GetEnvironmentVariable("NOTIFY_OPT_OUTS") ?? "100", CultureInfo.InvariantCulture);
        for (var i = 0; i < people; i++)
            await AddPersonAsync($"p{i}");
        _redis.Trouble = trouble;
        var (answered, violations, claims) = (new ConcurrentDictionary<string, bool>(), new ConcurrentQueue<string>(), 0);
        var rows = new WorkerRows(Database.Source);
        using var done = new CancellationTokenSource();
        var pump = PumpAsync(done.Token);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, people),
            new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Cancel },
            async (i, token) =>
            {
                var person = $"p{i}";
                var optOut = Task.Run(
                    async () =>
                    {
                        await Task.Yield();
                        if (i % 3 == 0) // some before, some in the middle of it
                            await Routing.RouteAsync(Cancel, Text($"[\"{person}\"]"));
                        await SayAsync(person, NoText);
                        answered[person] = true;
                    },
                    token
                );
                for (var round = 0; round < 4; round++)
                {
                    foreach (var record in await Routing.RouteAsync(token, Text($"[\"{person}\"]")))
                        await ClaimAsync(person, [new("acme", record.Id)]);
                }
                await optOut;
                await ClaimAsync(person, await KeysOfAsync(person)); // whatever records of it may be about
            }
        );
        await done.CancelAsync();
        await pump;

        Assert.Empty(violations);
        Assert.NotEqual(0, claims); // or nothing was tried
        while (await ReleaseAsync() > 0) { }
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state IN ('queued', 'waiting')"));

        async Task ClaimAsync(string person, List<DeliveryKey> keys)
        {
            var isAfter = answered.ContainsKey(person);
            var claimed = keys.Count == 0 ? [] : await rows.ClaimAsync(keys, TimeSpan.FromMinutes(1), Cancel);
            Interlocked.Add(ref claims, claimed.Count);
            if (isAfter && claimed.Count > 0)
                violations.Enqueue(person);
        }
    }

    private async Task PumpAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ReleaseAsync();
            await Task.Yield();
        }
    }

    private async Task<int> ReleaseAsync() =>
        (
            await new Releaser(
                Database.Source,
                new(Database.Source, TimeProvider.System),
                new(),
                Days,
                Deliveries(Broker.Producer),
                Metrics,
                TimeProvider.System,
                NullLogger<Releaser>.Instance
            ).ReleaseDueAsync([new("sms", "standard", 500, false)], lapsedToo: true, Cancel)
        ).Count;

    private static ProfileCache Cache(KeepingRedis redis) =>
        new(redis.Connection, NullLogger<ProfileCache>.Instance, new(TimeProvider.System));

    private Task<long> ReconsideredCountAsync() =>
        Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'waiting' AND reason = 'consent' AND due_at <= now()");

    private async Task<int> ReconsideredAsync() => (int)await ReconsideredCountAsync();

    private async Task<List<DeliveryKey>> KeysOfAsync(string person) =>
        (await Database.ListAsync($"SELECT delivery_id FROM deliveries WHERE recipient_id = '{person}'")).ConvertAll(id => new DeliveryKey(
            "acme",
            Guid.Parse(id)
        ));

    private async Task<string> RowAsync(DeliveryKey key) =>
        Assert.Single(
            await Database.ListAsync(
                $"SELECT concat(state, ' ', reason, ' ', (due_at <= now())::text) FROM deliveries WHERE delivery_id = '{key.Id}'"
            )
        );

    private async Task SayAsync(string person, string preferences)
    {
        var store = new PreferenceStore(Database.Source, Cache(_redis), TimeProvider.System);
        var said = PersonPreferences.FromJson(System.Text.Encoding.UTF8.GetBytes(preferences));
        var change = await store.ChangeAsync("acme", person, "key", _ => true, _ => (said, []), Cancel);
        Assert.Equal(PreferenceOutcome.Written, change.Outcome);
    }

    private Task AddPersonAsync(string id, string? preferences = null) =>
        Database.ExecuteAsync(
            $"""
            INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ('acme', true, now()) ON CONFLICT DO NOTHING;
            INSERT INTO recipients (tenant_id, recipient_id, phone, preferences, consent_version, created_at, updated_at)
            VALUES ('acme', '{id}', '+1500555{Math.Abs(id.GetHashCode(StringComparison.Ordinal)) % 10_000:0000}', {(
                preferences is null ? "NULL" : $"'{preferences}'"
            )}, nextval('consent_versions'), now(), now())
            """
        );

    private async Task SuppressAsync(string phone)
    {
        var hash = Convert.ToHexString(AddressHash.Of("acme", Channel.Sms, phone));
        await Database.ExecuteAsync(
            $"INSERT INTO suppressions (tenant_id, channel, address_hash, scope, suppression_id, cause, created_at) VALUES ('acme', 'sms', '\\x{hash}', 'all', '{Guid.NewGuid()}', 'manual', now())"
        );
    }

    private static IncomingNotification Text(string recipients, string more = "", string? channels = """["sms"]""") =>
        Incoming.Notification(
            TimeProvider.System.GetUtcNow(),
            "{\"recipients\":"
                + recipients
                + ","
                + more
                + (channels is null ? "" : "\"channels\":" + channels + ",")
                + "\"message\":{\"title\":\"T\",\"body\":\"B\"}}"
        );
}
