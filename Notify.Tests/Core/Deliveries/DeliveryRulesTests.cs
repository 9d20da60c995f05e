using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Sending;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Core.Deliveries;

/// <summary>Every verb on a row in every state, in a real Postgres: it changes what the rules say, to what they say, and nothing
/// else.</summary>
public sealed class DeliveryRulesTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly DateTimeOffset At = TimeProvider.System.GetUtcNow();
    private static readonly Guid ClaimId = Guid.NewGuid();

    /// <summary>Verbs that touch each state, as a reader would list them: the rules are held against this table, and the statements against
    /// the rules.</summary>
    public static TheoryData<DeliveryVerb, string> Table =>
        new()
        {
            { DeliveryVerb.Claim, "queued waiting sending" },
            { DeliveryVerb.Settle, "sending" },
            { DeliveryVerb.Park, "queued waiting sending" },
            { DeliveryVerb.Lapse, "sending" },
            { DeliveryVerb.Release, "waiting sending" },
            { DeliveryVerb.Fail, "queued" },
            { DeliveryVerb.Cancel, "queued waiting" },
            { DeliveryVerb.Reconcile, "queued" },
            { DeliveryVerb.Revive, "failed dead" },
            { DeliveryVerb.Reconsider, "queued waiting sending" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Verb_touches_rows_in_its_states_alone(DeliveryVerb verb, string states)
    {
        foreach (var state in Enum.GetValues<DeliveryState>())
        {
            await Database.ExecuteAsync("TRUNCATE deliveries, notifications, claims, queued_batches");
            // Due, or lapsed, which is what claims and releases ask for beside the state.
            var due = state is DeliveryState.Waiting or DeliveryState.Sending ? "now() - interval '1 second'" : "NULL";
            var key = await Database.AddDeliveryAsync(state.ToName(), due);
            await Database.ExecuteAsync(
                $"UPDATE deliveries SET queued_at = accepted_at, claim_id = '{ClaimId}', updated_at = 'epoch', due_at = due_at"
            );
            await Database.ExecuteAsync(
                $"""
                INSERT INTO claims SELECT '{ClaimId}', now(), array_agg(delivery_id) FROM deliveries;
                INSERT INTO queued_batches (channel, lane, queued_at, delivery_ids) SELECT channel, lane, queued_at, array[delivery_id] FROM deliveries
                """
            );
            var expected = states.Split(' ').Contains(state.ToName());

            var to = await DoAsync(verb, key);

            var (found, row) = (
                await Database.ScalarAsync<string>("SELECT state FROM deliveries"),
                await Database.ScalarAsync<string>("SELECT xmin::text || ctid::text FROM deliveries")
            );
            Assert.Equal(expected, DeliveryRules.Touches(verb, state));
            Assert.Equal((expected ? to : state).ToName(), found);
            Assert.Equal(expected, DeliveryRules.Allows(verb, state, to));
            await DoAsync(verb, key with { Tenant = "other" }); // nor another tenant's
            if (verb is not (DeliveryVerb.Lapse or DeliveryVerb.Reconcile)) // they go by what the Router wrote
                Assert.Equal(row, await Database.ScalarAsync<string>("SELECT xmin::text || ctid::text FROM deliveries"));
        }
    }

    [Fact]
    public void Verbs_lead_nowhere_else()
    {
        DeliveryState[] open = [DeliveryState.Queued, DeliveryState.Sending, DeliveryState.Waiting];
        foreach (var verb in Enum.GetValues<DeliveryVerb>())
        {
            foreach (var from in Enum.GetValues<DeliveryState>().Where(from => DeliveryRules.Touches(verb, from)))
                Assert.Contains(Enum.GetValues<DeliveryState>(), to => DeliveryRules.Allows(verb, from, to));
            // What ended stays so, but for an operator's wish.
            if (verb != DeliveryVerb.Revive)
                Assert.DoesNotContain(Enum.GetValues<DeliveryState>().Except(open), state => DeliveryRules.Touches(verb, state));
        }
        Assert.Equal(
            [DeliveryState.Queued, DeliveryState.Waiting, DeliveryState.Skipped, DeliveryState.Suppressed, DeliveryState.Expired],
            DeliveryRules.First
        );
    }

    /// <summary>Does it, and says to which state it leads.</summary>
    private async Task<DeliveryState> DoAsync(DeliveryVerb verb, DeliveryKey key)
    {
        var store = new WorkerRows(Database.Source);
        switch (verb)
        {
            case DeliveryVerb.Claim:
                await store.ClaimAsync([key], TimeSpan.FromMinutes(1), Cancel);
                return DeliveryState.Sending;
            case DeliveryVerb.Settle:
                await store.SettleAsync(
                    [new(key, new(key.Id, 0, 1, false), new(DeliveryState.Sent), new AttemptRecord(At, "p", "sent", 1))],
                    Cancel
                );
                return DeliveryState.Sent;
            case DeliveryVerb.Park:
                await store.ParkAsync([new ParkedRow(key, DeliveryReasons.ProviderPaused, At.AddMinutes(1))], Cancel);
                return DeliveryState.Waiting;
            case DeliveryVerb.Lapse:
                await LapseRows.ComeDueAsync(Database.Source, Cancel);
                return DeliveryState.Sending;
            case DeliveryVerb.Release:
                await using (var connection = await Database.Source.OpenConnectionAsync(Cancel))
                    await ReleaseRows.MarkAsync(
                        connection,
                        [new(key, "sms", "standard", DeliveryState.Queued, null)],
                        TimeSpan.Zero,
                        Cancel
                    );
                return DeliveryState.Queued;
            case DeliveryVerb.Fail:
                await FailRows.FailAsync(Database.Source, [key], DeliveryReasons.TooLarge, Cancel);
                return DeliveryState.Failed;
            case DeliveryVerb.Cancel:
                var notification = Guid.Parse(Assert.Single(await Database.ListAsync("SELECT notification_id FROM deliveries")));
                await CancelRows.CancelAsync(Database.Source, key.Tenant, notification, Cancel);
                return DeliveryState.Cancelled;
            case DeliveryVerb.Reconcile:
                await ReconcileRows.ComeDueAsync(Database.Source, Channel.Sms, Lane.Standard, At.AddHours(1), limit: 10, Cancel);
                return DeliveryState.Waiting;
            case DeliveryVerb.Revive:
                await using (var connection = await Database.Source.OpenConnectionAsync(Cancel))
                    await ReviveRows.ReviveAsync(connection, [key], Cancel);
                return DeliveryState.Waiting;
            case DeliveryVerb.Reconsider:
                var isClaimed = await Database.ScalarAsync<string>("SELECT state FROM deliveries") == "sending";
                await using (var connection = await Database.Source.OpenConnectionAsync(Cancel))
                    await ReconsiderRows.OfKeysAsync(connection, [key], Cancel);
                return isClaimed ? DeliveryState.Sending : DeliveryState.Waiting;
            default:
                throw new ArgumentOutOfRangeException(nameof(verb), verb, null);
        }
    }
}
