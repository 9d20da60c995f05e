using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Providers;

/// <summary>What every event makes of every state of a provider's health.</summary>
public sealed class HealthRulesTests
{
    private static readonly TimeSpan s_now = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly HealthSettings s_settings = new(new(), TimeSpan.FromSeconds(60));

    private static readonly Dictionary<string, HealthState> s_states = new()
    {
        ["closed"] = new() { Places = 1 },
        ["closed, many calls failed"] = new() { Places = 1, Failures = Failures(calls: 9) },
        ["closed, none succeeded for the window"] = new() { Places = 1, Failures = Failures(inARow: 2) },
        ["closed, refused once"] = new() { Places = 1, Failures = Failures(refused: 1) },
        ["closed, silent"] = new() { Places = 1, Silence = default(Silence).Begun(s_now - s_second).WithTry(s_now - s_second) },
        ["open by share"] = Broken(BrokenBy.FailedShare, seconds: 5),
        ["open by refusals"] = Broken(BrokenBy.Refusals, seconds: 5),
        ["due"] = Broken(BrokenBy.FailedShare, seconds: -1),
        ["due, a slow probe runs"] = Broken(BrokenBy.FailedShare, seconds: -1) with { ProbeRuns = true },
        ["probing, broken by share"] = Probing(BrokenBy.FailedShare),
        ["probing, broken by a row"] = Probing(BrokenBy.FailuresInARow),
        ["probing, broken by refusals"] = Probing(BrokenBy.Refusals),
        ["recovering"] = new()
        {
            Phase = HealthPhase.Recovering,
            Places = 1,
            Round = Round(begun: 1, ended: 0),
        },
        ["recovering, end of a round"] = new()
        {
            Phase = HealthPhase.Recovering,
            Places = 1,
            Round = Round(begun: 4, ended: 3),
        },
        ["recovering, full"] = new()
        {
            Phase = HealthPhase.Recovering,
            Places = 4,
            Round = Round(begun: 4, ended: 0),
        },
    };

    private static readonly Outcome s_growing = new(OutcomeKind.Throttled, Schedule: new(s_second, s_second, s_second));

    private static readonly Dictionary<string, Func<HealthState, HealthEvent>> s_events = new()
    {
        ["asked"] = _ => new(HealthEventKind.PlaceAsked),
        ["asked, critical"] = _ => new(HealthEventKind.PlaceAsked, IsCritical: true),
        ["given up"] = state => new(HealthEventKind.PlaceGivenUp, Place(state)),
        ["given up, probe"] = state => new(HealthEventKind.PlaceGivenUp, Place(state, isProbe: true)),
        ["begins"] = state => new(HealthEventKind.CallBegan, Place(state)),
        ["begins, probe"] = state => new(HealthEventKind.CallBegan, Place(state, isProbe: true)),
        ["sent"] = state => Ended(state, Outcome.Sent("id")),
        ["failed"] = state => Ended(state, new(OutcomeKind.Transient)),
        ["refused"] = state => Ended(state, new(OutcomeKind.Misconfigured)),
        ["throttled"] = state => Ended(state, new(OutcomeKind.Throttled)),
        ["throttled, growing"] = state => Ended(state, s_growing),
        ["aside"] = state => Ended(state, new(OutcomeKind.Transient, ConcernsAddress: true)),
        ["sent, probe"] = state => Ended(state, Outcome.Sent("id"), isProbe: true),
        ["failed, probe"] = state => Ended(state, new(OutcomeKind.Ambiguous), isProbe: true),
        ["refused, probe"] = state => Ended(state, new(OutcomeKind.Misconfigured), isProbe: true),
        ["throttled, probe"] = state => Ended(state, new(OutcomeKind.Throttled), isProbe: true),
        ["slow"] = state => new(HealthEventKind.CallSlow, Place(state)),
        ["slow, probe"] = state => new(HealthEventKind.CallSlow, Place(state, isProbe: true)),
        ["overdue"] = _ => new(HealthEventKind.CallsOverdue),
    };

    /// <summary>
    /// For each state the events with what they make of it: the phase, with the seconds and the cause of a break and the calls at a time of
    /// a way back; <c>+</c> where the place or the beginning is granted, <c>!</c> where others are told to look again.
    /// </summary>
    [Theory]
    [InlineData(
        "closed",
        """
            asked: closed + | asked, critical: closed + | given up: closed | given up, probe: closed | begins: closed + | begins, probe: closed +
            sent: closed | failed: closed | refused: closed | throttled: closed | throttled, growing: recovering 4 | aside: closed
            sent, probe: closed ! | failed, probe: closed ! | refused, probe: closed ! | throttled, probe: closed !
            slow: closed | slow, probe: closed | overdue: closed silent !
            """
    )]
    [InlineData(
        "closed, many calls failed",
        """
            asked: closed + | asked, critical: closed + | given up: closed | given up, probe: closed | begins: closed + | begins, probe: closed +
            sent: closed | failed: open 5 FailedShare ! | refused: closed | throttled: closed | throttled, growing: recovering 4 | aside: closed
            sent, probe: closed ! | failed, probe: open 5 FailedShare ! | refused, probe: closed ! | throttled, probe: closed !
            slow: open 5 FailedShare ! | slow, probe: open 5 FailedShare ! | overdue: closed silent !
            """
    )]
    [InlineData(
        "closed, none succeeded for the window",
        """
            asked: closed + | asked, critical: closed + | given up: closed | given up, probe: closed | begins: closed + | begins, probe: closed +
            sent: closed | failed: open 5 FailuresInARow ! | refused: closed | throttled: closed | throttled, growing: recovering 4
            aside: closed | sent, probe: closed ! | failed, probe: open 5 FailuresInARow ! | refused, probe: closed ! | throttled, probe: closed !
            slow: closed | slow, probe: closed | overdue: closed silent !
            """
    )]
    [InlineData(
        "closed, refused once",
        """
            asked: closed + | asked, critical: closed + | given up: closed | given up, probe: closed | begins: closed + | begins, probe: closed +
            sent: closed | failed: closed | refused: open 60 Refusals ! | throttled: closed | throttled, growing: recovering 4 | aside: closed
            sent, probe: closed ! | failed, probe: closed ! | refused, probe: open 60 Refusals ! | throttled, probe: closed !
            slow: closed | slow, probe: closed | overdue: closed silent !
            """
    )]
    [InlineData(
        "closed, silent",
        """
            asked: closed silent + | asked, critical: closed silent + | given up: closed silent | given up, probe: closed silent
            begins: closed silent + | begins, probe: closed silent + | sent: closed ! | failed: closed silent ! | refused: closed !
            throttled: closed ! | throttled, growing: recovering 4 ! | aside: closed ! | sent, probe: closed ! | failed, probe: closed silent !
            refused, probe: closed ! | throttled, probe: closed ! | slow: closed silent | slow, probe: closed silent | overdue: closed silent !
            """
    )]
    [InlineData(
        "open by share",
        """
            asked: open 5 FailedShare | asked, critical: open 5 FailedShare | given up: open 5 FailedShare | given up, probe: open 5 FailedShare
            begins: open 5 FailedShare | begins, probe: open 5 FailedShare | sent: open 5 FailedShare | failed: open 5 FailedShare
            refused: open 5 FailedShare | throttled: open 5 FailedShare | throttled, growing: open 5 FailedShare | aside: open 5 FailedShare
            sent, probe: open 5 FailedShare ! | failed, probe: open 5 FailedShare ! | refused, probe: open 5 FailedShare !
            throttled, probe: open 5 FailedShare ! | slow: open 5 FailedShare | slow, probe: open 5 FailedShare
            overdue: open 5 FailedShare silent !
            """
    )]
    [InlineData(
        "open by refusals",
        """
            asked: open 5 Refusals | asked, critical: open 5 Refusals | given up: open 5 Refusals | given up, probe: open 5 Refusals
            begins: open 5 Refusals | begins, probe: open 5 Refusals | sent: recovering 4 ! | failed: open 5 Refusals
            refused: open 60 Refusals ! | throttled: open 5 Refusals | throttled, growing: open 5 Refusals | aside: open 5 Refusals
            sent, probe: recovering 4 ! | failed, probe: open 5 Refusals ! | refused, probe: open 60 Refusals !
            throttled, probe: open 5 Refusals ! | slow: open 5 Refusals | slow, probe: open 5 Refusals | overdue: open 5 Refusals silent !
            """
    )]
    [InlineData(
        "due",
        """
            asked: probing + | asked, critical: probing + | given up: open 0 FailedShare | given up, probe: open 0 FailedShare
            begins: open 0 FailedShare | begins, probe: open 0 FailedShare | sent: open 0 FailedShare | failed: open 0 FailedShare
            refused: open 0 FailedShare | throttled: open 0 FailedShare | throttled, growing: open 0 FailedShare | aside: open 0 FailedShare
            sent, probe: open 0 FailedShare ! | failed, probe: open 0 FailedShare ! | refused, probe: open 0 FailedShare !
            throttled, probe: open 0 FailedShare ! | slow: open 0 FailedShare | slow, probe: open 0 FailedShare
            overdue: open 0 FailedShare silent !
            """
    )]
    [InlineData(
        "due, a slow probe runs",
        """
            asked: open 0 FailedShare | asked, critical: open 0 FailedShare | given up: open 0 FailedShare | given up, probe: open 0 FailedShare
            begins: open 0 FailedShare | begins, probe: open 0 FailedShare | sent: open 0 FailedShare | failed: open 0 FailedShare
            refused: open 0 FailedShare | throttled: open 0 FailedShare | throttled, growing: open 0 FailedShare | aside: open 0 FailedShare
            sent, probe: open 0 FailedShare ! | failed, probe: open 0 FailedShare ! | refused, probe: open 0 FailedShare !
            throttled, probe: open 0 FailedShare ! | slow: open 0 FailedShare | slow, probe: open 0 FailedShare
            overdue: open 0 FailedShare silent !
            """
    )]
    [InlineData(
        "probing, broken by share",
        """
            asked: probing | asked, critical: probing | given up: probing | given up, probe: open 0 FailedShare | begins: probing
            begins, probe: probing + | sent: probing | failed: probing | refused: probing | throttled: probing | throttled, growing: probing
            aside: probing | sent, probe: recovering 4 ! | failed, probe: open 10 FailedShare ! | refused, probe: recovering 4 !
            throttled, probe: recovering 4 ! | slow: probing | slow, probe: open 10 FailedShare ! | overdue: probing silent !
            """
    )]
    [InlineData(
        "probing, broken by a row",
        """
            asked: probing | asked, critical: probing | given up: probing | given up, probe: open 0 FailuresInARow | begins: probing
            begins, probe: probing + | sent: recovering 4 ! | failed: probing | refused: probing | throttled: probing
            throttled, growing: probing | aside: probing | sent, probe: recovering 4 ! | failed, probe: open 10 FailuresInARow !
            refused, probe: open 0 FailuresInARow ! | throttled, probe: open 0 FailuresInARow ! | slow: probing
            slow, probe: open 10 FailuresInARow ! | overdue: probing silent !
            """
    )]
    [InlineData(
        "probing, broken by refusals",
        """
            asked: probing | asked, critical: probing | given up: probing | given up, probe: open 0 Refusals | begins: probing
            begins, probe: probing + | sent: recovering 4 ! | failed: probing | refused: open 60 Refusals ! | throttled: probing
            throttled, growing: probing | aside: probing | sent, probe: recovering 4 ! | failed, probe: open 10 Refusals !
            refused, probe: open 60 Refusals ! | throttled, probe: open 0 Refusals ! | slow: probing | slow, probe: open 10 Refusals !
            overdue: probing silent !
            """
    )]
    [InlineData(
        "recovering",
        """
            asked: recovering 4 + | asked, critical: recovering 4 + | given up: recovering 4 | given up, probe: recovering 4
            begins: recovering 4 + | begins, probe: recovering 4 + | sent: recovering 4 ! | failed: recovering 4 ! | refused: recovering 4 !
            throttled: recovering 4 ! | throttled, growing: recovering 4 ! | aside: recovering 4 ! | sent, probe: recovering 4 !
            failed, probe: recovering 4 ! | refused, probe: recovering 4 ! | throttled, probe: recovering 4 ! | slow: recovering 4
            slow, probe: recovering 4 | overdue: recovering 4 silent !
            """
    )]
    [InlineData(
        "recovering, end of a round",
        """
            asked: recovering 4 + | asked, critical: recovering 4 + | given up: recovering 4 | given up, probe: recovering 4
            begins: recovering 4 + | begins, probe: recovering 4 + | sent: recovering 8 ! | failed: recovering 4 ! | refused: recovering 4 !
            throttled: recovering 4 ! | throttled, growing: recovering 4 ! | aside: recovering 8 ! | sent, probe: recovering 4 !
            failed, probe: recovering 4 ! | refused, probe: recovering 4 ! | throttled, probe: recovering 4 ! | slow: recovering 4
            slow, probe: recovering 4 | overdue: recovering 4 silent !
            """
    )]
    [InlineData(
        "recovering, full",
        """
            asked: recovering 4 | asked, critical: recovering 4 | given up: recovering 4 | given up, probe: recovering 4
            begins: recovering 4 + | begins, probe: recovering 4 + | sent: recovering 4 ! | failed: recovering 4 ! | refused: recovering 4 !
            throttled: recovering 4 ! | throttled, growing: recovering 4 ! | aside: recovering 4 ! | sent, probe: recovering 4 !
            failed, probe: recovering 4 ! | refused, probe: recovering 4 ! | throttled, probe: recovering 4 ! | slow: recovering 4
            slow, probe: recovering 4 | overdue: recovering 4 silent !
            """
    )]
    public void Every_event_in_every_state(string from, string expected)
    {
        var state = s_states[from];
        var cells = expected.Split(['|', '\n'], StringSplitOptions.TrimEntries).Select(cell => cell.Split(": ")).ToList();

        Assert.Equal(s_events.Keys.Order(), cells.Select(cell => cell[0]).Order());
        Assert.Multiple([
            .. cells.Select<string[], Action>(cell => () => Assert.Equal($"{cell[0]}: {cell[1]}", $"{cell[0]}: {Said(state, cell[0])}")),
        ]);
    }

    [Fact]
    public void Table_has_every_phase_and_every_kind_of_event()
    {
        Assert.Equal(Enum.GetValues<HealthPhase>(), s_states.Values.Select(state => state.Phase).Distinct().Order());
        Assert.Equal(Enum.GetValues<HealthEventKind>(), s_events.Values.Select(make => make(s_states["closed"]).Kind).Distinct().Order());
    }

    [Theory]
    [InlineData(1, "recovering 4")] // exactly as long as a slow call: it is still waited for
    [InlineData(0.999, "recovering 2")] // what has not ended counts as failed, and four of four are too many
    public void Round_whose_calls_take_too_long_is_judged_by_whoever_asks_next(double ofSlowCall, string expected)
    {
        var asked = s_now + s_settings.Breaker.SlowCall / ofSlowCall;

        var step = HealthRules.After(s_states["recovering, full"], new(HealthEventKind.PlaceAsked), s_settings, asked, jitter: 0);

        Assert.Equal(expected, Said(step, asked));
    }

    [Fact]
    public void Whoever_was_turned_away_is_told_of_a_place_that_is_given_up()
    {
        var full = s_states["recovering, full"];
        var turnedAway = HealthRules.After(full, new(HealthEventKind.PlaceAsked), s_settings, s_now, jitter: 0).State;

        var givenUp = HealthRules.After(turnedAway, new(HealthEventKind.PlaceGivenUp, Place(full)), s_settings, s_now, jitter: 0);

        Assert.True(givenUp.Frees);
    }

    private static string Said(HealthState state, string name) =>
        Said(HealthRules.After(state, s_events[name](state), s_settings, s_now, jitter: 0), s_now);

    private static string Said(HealthStep step, TimeSpan now)
    {
        var state = step.State;
        var phase = state.Phase switch
        {
            HealthPhase.Closed => "closed",
            HealthPhase.Open => $"open {Math.Max(0, (state.OpenUntil - now).TotalSeconds)} {state.BrokenBy}",
            HealthPhase.Probing => "probing",
            _ => $"recovering {state.Round.Ceiling}",
        };
        return $"{phase}{(state.Silence.IsOn ? " silent" : "")}{(step.IsGranted ? " +" : "")}{(step.Frees ? " !" : "")}";
    }

    private static HealthState Broken(BrokenBy by, int seconds) =>
        new()
        {
            Phase = HealthPhase.Open,
            BrokenBy = by,
            OpenUntil = s_now + seconds * s_second,
            Places = 1,
            Failures = by == BrokenBy.Refusals ? Failures(refused: 2) : default,
        };

    private static HealthState Probing(BrokenBy by) => Broken(by, seconds: -1) with { Phase = HealthPhase.Probing, ProbeRuns = true };

    private static RecoveryRound Round(int begun, int ended) => new(Number: 7, Ceiling: 4, begun, ended, Failed: 0, FullSince: s_now);

    private static FailureEvidence Failures(int calls = 0, int inARow = 0, int refused = 0)
    {
        var failures = default(FailureEvidence);
        for (var i = 0; i < calls; i++)
            failures = failures.WithCall(failed: true, s_now, s_settings.Breaker.Window);
        for (var i = 0; i < inARow; i++)
            failures = failures.WithAnswer(AnswerKind.Failed, s_now - s_settings.Breaker.Window);
        for (var i = 0; i < refused; i++)
            failures = failures.WithAnswer(AnswerKind.Refused, s_now);
        return failures;
    }

    private static CallPlace Place(HealthState state, bool isProbe = false) =>
        new(isProbe ? 0 : state.Round.Number, isProbe, isProbe || !state.Silence.IsOn ? 0 : state.Silence.Number, state.TurnedAway);

    private static HealthEvent Ended(HealthState state, Outcome outcome, bool isProbe = false) =>
        new(HealthEventKind.CallEnded, Place(state, isProbe), Outcome: outcome, Took: s_second);
}
