using System.Text;
using NodaTime;
using Notify.Core.Channels;
using Notify.Core.Decisions;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Suppressions;
using Notify.Core.Time;

namespace Notify.Tests.Core.Decisions;

public sealed class GatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 22, 30, 0, TimeSpan.Zero); // a Tuesday, 23:30 in Berlin
    private static readonly Instant Morning = Instant.FromUtc(2026, 12, 2, 6, 0); // 07:00 in Berlin

    private static readonly Snapshot Good = new()
    {
        Now = Now,
        ExpiresAt = Now.AddDays(1),
        IsTenantEnabled = true,
        DeliveryId = UuidV7.New(Now),
        Channel = Channel.Email,
        IsRecipientKnown = true,
        HasAddress = true,
    };

    private static readonly Category News = new()
    {
        Id = "news",
        Title = new Dictionary<string, string> { ["en"] = "News" },
    };

    private static PersonPreferences Quiet { get; } =
        Said("""{"quietHours":{"zone":"Europe/Berlin","windows":[{"from":"22:00","to":"07:00"}]}}""");

    /// <summary>Snapshots that one gate does not let through, in the order of the gates.</summary>
    private static readonly (Gate Gate, Func<Snapshot, Snapshot> Spoil, DeliveryState State, string Reason)[] Obstacles =
    [
        (Gate.Claim, good => good with { MayHaveBeenSent = true, AtMostOnce = true }, DeliveryState.Unknown, DeliveryReasons.LeaseExpired),
        (Gate.Enabled, good => good with { IsTenantEnabled = false }, DeliveryState.Skipped, DeliveryReasons.TenantDisabled),
        (
            Gate.Enabled,
            good => good with { CategoryId = "news", Category = News with { IsEnabled = false } },
            DeliveryState.Skipped,
            DeliveryReasons.CategoryDisabled
        ),
        (
            Gate.Enabled,
            good => good with { CategoryId = "new", Category = null, Tenant = new(null, ChannelChoices.None, IsStrict: true) },
            DeliveryState.Skipped,
            DeliveryReasons.UnknownCategory
        ),
        (Gate.Duplicate, good => good with { DuplicateOf = Guid.NewGuid() }, DeliveryState.Skipped, DeliveryReasons.Duplicate),
        (Gate.Address, good => good with { IsRecipientKnown = false }, DeliveryState.Skipped, DeliveryReasons.UnknownRecipient),
        (Gate.Address, good => good with { HasAddress = false }, DeliveryState.Skipped, DeliveryReasons.NoAddress),
        (Gate.Expiry, good => good with { ExpiresAt = Now }, DeliveryState.Expired, DeliveryReasons.Expired),
        (
            Gate.Suppression,
            good => good with { Suppressions = [SuppressionScope.All] },
            DeliveryState.Suppressed,
            DeliveryReasons.Suppressed
        ),
        (
            Gate.Marketing,
            good => good with { Type = NotificationTypes.Marketing, Person = Said("""{"marketing":false}""") },
            DeliveryState.Skipped,
            DeliveryReasons.MarketingRefused
        ),
        (
            Gate.Preference,
            good => good with { Person = Said("""{"channels":{"email":false}}""") },
            DeliveryState.Skipped,
            DeliveryReasons.Preference
        ),
        (
            Gate.Muted,
            good => good with { Person = Said("""{"mutedUntil":"2026-12-02T08:00:00Z"}""") },
            DeliveryState.Waiting,
            DeliveryReasons.Muted
        ),
        (Gate.QuietHours, good => good with { Person = Quiet }, DeliveryState.Waiting, DeliveryReasons.QuietHours),
    ];

    public static TheoryData<int> Each => [.. Enumerable.Range(0, Obstacles.Length)];

    [Theory]
    [MemberData(nameof(Each))]
    public void Gate_stops_what_it_is_there_for(int index)
    {
        var (gate, spoil, state, reason) = Obstacles[index];
        var decision = Gates.Decide(spoil(Good));
        Assert.Equal((gate, state, reason), (decision.Gate, decision.State, decision.Reason));
        Assert.False(decision.IsSend);
        Assert.Equal(state == DeliveryState.Waiting, decision.Until is not null);
    }

    [Fact]
    public void First_gate_that_stops_it_decides()
    {
        for (var first = 0; first < Obstacles.Length; first++)
        {
            for (var second = first + 1; second < Obstacles.Length; second++)
            {
                // Two that spoil the same fact are one: the person has one set of preferences, the category one state.
                var both = Obstacles[first].Spoil(Obstacles[second].Spoil(Good));
                Assert.Equal(Obstacles[first].Gate, Gates.Decide(both).Gate);
            }
        }
        Assert.Equal(GateNames.Gates.Except([Gate.Required]), Obstacles.Select(obstacle => obstacle.Gate).Distinct());
    }

    [Theory]
    [InlineData(false, true)] // at most once, and never begun
    [InlineData(true, false)] // begun, and may be sent again
    public void What_no_gate_stops_is_queued(bool mayHaveBeenSent, bool atMostOnce)
    {
        var trace = new List<GateResult>();
        var decision = Gates.Decide(Good with { MayHaveBeenSent = mayHaveBeenSent, AtMostOnce = atMostOnce }, trace);
        Assert.Equal((true, DeliveryState.Queued, null), (decision.IsSend, decision.State, decision.Reason));
        Assert.Equal(GateNames.Gates, trace.Select(result => result.Gate));
        Assert.Equal("1", DecisionTrace.Kept(trace));
    }

    [Fact]
    public void Trace_ends_with_the_gate_that_decided_and_does_not_change_the_decision()
    {
        foreach (var (gate, spoil, _, _) in Obstacles)
        {
            var trace = new List<GateResult>();
            Assert.Equal(Gates.Decide(spoil(Good)), Gates.Decide(spoil(Good), trace));
            Assert.Equal(gate, trace[^1].Gate);
            Assert.All(trace[..^1], result => Assert.True(result.Verdict is Verdict.Pass or Verdict.Bypass));
        }
    }

    [Fact]
    public void Required_category_is_sent_whatever_the_person_says_and_the_record_tells_it()
    {
        var required = Good with
        {
            CategoryId = "news",
            Category = News with { Mode = CategoryMode.Required },
            Person = Said("""{"channels":{"email":false},"categories":{"news":{"enabled":false}}}"""),
        };
        var trace = new List<GateResult>();
        Assert.True(Gates.Decide(required, trace).IsSend);
        Assert.Equal("1;p!/pc=false", DecisionTrace.Kept(trace));
        // Nothing passes a suppression, and a required message waits for the night's end like any other.
        Assert.Equal(Gate.Suppression, Gates.Decide(required with { Suppressions = [SuppressionScope.All] }).Gate);
        Assert.Equal(Gate.QuietHours, Gates.Decide(required with { Person = Quiet }).Gate);
    }

    [Fact]
    public void Category_that_nobody_made_is_allowed_and_the_record_says_so()
    {
        var trace = new List<GateResult>();
        Assert.True(Gates.Decide(Good with { CategoryId = "made.up" }, trace).IsSend);
        Assert.Equal("1;p!/uc=true", DecisionTrace.Kept(trace));
    }

    [Theory]
    [InlineData("critical", "transactional", false, "priority")]
    [InlineData("normal", "transactional", true, "category")]
    [InlineData("critical", "marketing", false, null)]
    [InlineData("high", "transactional", false, null)]
    public void Critical_and_a_category_that_ignores_them_pass_quiet_hours_and_mute(
        string priority,
        string type,
        bool ignores,
        string? layer
    )
    {
        var night = Good with
        {
            Priority = priority,
            Type = type,
            CategoryId = "news",
            Category = News with { QuietHours = ignores ? QuietHoursRule.Ignore : QuietHoursRule.Hold },
        };
        foreach (var (person, gate) in new[] { (Quiet, Gate.QuietHours), (Said("""{"mutedUntil":"2026-12-02T08:00:00Z"}"""), Gate.Muted) })
        {
            var trace = new List<GateResult>();
            var decision = Gates.Decide(night with { Person = person }, trace);
            Assert.Equal(layer is not null, decision.IsSend);
            var result = trace.Single(result => result.Gate == gate);
            Assert.Equal(layer is null ? Verdict.Wait : Verdict.Bypass, result.Verdict);
            if (layer is not null)
                Assert.Equal(layer, result.Layer?.ToName());
        }
    }

    [Fact]
    public void Quiet_hours_end_in_the_zone_that_is_most_the_persons_own()
    {
        var here = Said("""{"quietHours":{"windows":[{"from":"22:00","to":"07:00"}]}}""");
        var tenant = new TenantConsent(Zones.Get("Europe/Berlin"), ChannelChoices.None, IsStrict: false);
        var high = Good with { Priority = Priorities.High, Person = here, Tenant = tenant };

        Assert.Equal(Morning.ToDateTimeOffset(), Gates.Decide(high).Until);
        // 22:30 in London, 17:30 in New York
        Assert.Equal(Morning.ToDateTimeOffset().AddHours(1), Gates.Decide(high with { RecipientZone = Zones.Get("Europe/London") }).Until);
        Assert.True(
            Gates.Decide(high with { RecipientZone = Zones.Get("Europe/London"), DeviceZone = Zones.Get("America/New_York") }).IsSend
        );
        Assert.Equal(
            Morning.ToDateTimeOffset(),
            Gates.Decide(high with { Person = Quiet, DeviceZone = Zones.Get("America/New_York") }).Until
        );
        var trace = new List<GateResult>();
        Assert.True(Gates.Decide(high with { Tenant = TenantConsent.None }, trace).IsSend); // never silently UTC
        Assert.Equal("1;q!=no zone", DecisionTrace.Kept(trace));
    }

    [Fact]
    public void What_would_be_too_late_in_the_morning_expires_now()
    {
        var quiet = Good with { Person = Quiet };
        var dawn = Morning.ToDateTimeOffset();
        Assert.Equal((Verdict.Expire, DeliveryReasons.QuietHours), Outcome(quiet with { ExpiresAt = dawn }));
        Assert.Equal((Verdict.Wait, DeliveryReasons.QuietHours), Outcome(quiet with { ExpiresAt = dawn.AddMilliseconds(1) }));
        Assert.Equal(dawn, Gates.Decide(quiet with { ExpiresAt = dawn.AddMilliseconds(1) }).Until);
        Assert.InRange(Gates.Decide(quiet).Until!.Value, dawn, dawn + ReleaseJitter.Max);
        Assert.Equal(
            (Verdict.Expire, DeliveryReasons.Muted),
            Outcome(Good with { Person = Said("""{"mutedUntil":"2026-12-02T22:30:00Z"}""") })
        );

        (Verdict, string?) Outcome(Snapshot snapshot) =>
            Gates.Decide(snapshot) is var decision ? (decision.Verdict, decision.Reason) : default;
    }

    [Theory]
    [InlineData("all", "transactional", null, true)]
    [InlineData("marketing", "transactional", null, false)]
    [InlineData("marketing", "marketing", null, true)]
    [InlineData("category:news", "transactional", "news", true)]
    [InlineData("category:news", "transactional", "new", false)]
    [InlineData("category:news", "transactional", null, false)]
    public void Suppression_holds_for_its_scope_and_for_critical_too(string scope, string type, string? category, bool holds)
    {
        Assert.True(SuppressionScope.TryParse(scope, out var parsed));
        foreach (var priority in Priorities.All)
        {
            var decision = Gates.Decide(Good with { Suppressions = [parsed], Type = type, CategoryId = category, Priority = priority });
            Assert.Equal(holds ? DeliveryState.Suppressed : DeliveryState.Queued, decision.State);
        }
    }

    private static PersonPreferences Said(string json) => PersonPreferences.FromJson(Encoding.UTF8.GetBytes(json));
}
