using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Providers;

/// <summary>The health of one provider account, on a clock that stands.</summary>
public abstract class HealthTests
{
    private protected static readonly TimeSpan SetupBreak = TimeSpan.FromSeconds(60);
    private protected static readonly Outcome Sent = Outcome.Sent("id");
    private protected static readonly Outcome Failed = new(OutcomeKind.Transient, Code: "503");
    private protected static readonly Outcome Refused = new(OutcomeKind.Misconfigured, Code: "401");
    private protected readonly ManualTime _time = new();
    private protected readonly ProviderHealth _health;

    private protected HealthTests(BreakerOptions options) => _health = Health(options, () => 0);

    /// <summary>How often lanes were told to look again.</summary>
    private protected int Told { get; set; }

    private protected HealthPhase Phase => _health.View.Phase;

    private protected DateTimeOffset? OpenUntil => _time.GetUtcNow() + _health.View.OpenFor;

    private protected ProviderHealth Health(BreakerOptions options, Func<double> jitter) =>
        new(new(options, SetupBreak), _time, jitter, () => Told++);

    private protected List<CallPlace> Enter(int tries, bool critical = true)
    {
        var places = new List<CallPlace>();
        for (var i = 0; i < tries && _health.TryEnter(critical, out var place); i++)
            places.Add(place);
        return places;
    }

    /// <summary>The calls of the places begin and end at once.</summary>
    private protected void End(List<CallPlace> places, Outcome outcome) => places.ForEach(place => Call(_health, place, outcome));

    private protected void Call(Outcome outcome) => Call(_health, Assert.Single(Enter(1)), outcome);

    private protected void Probe(Outcome outcome)
    {
        _time.Advance(_health.View.OpenFor ?? TimeSpan.Zero);
        var place = Assert.Single(Enter(1));
        Assert.True(place.IsProbe);
        Call(_health, place, outcome);
    }

    /// <summary>Refused credentials, and a probe that succeeds.</summary>
    private protected void Recover()
    {
        Call(Refused);
        Call(Refused);
        Probe(Sent);
        Assert.Equal(HealthPhase.Recovering, Phase);
    }

    private protected static Outcome Call(ProviderHealth health, CallPlace place, Outcome outcome) =>
        health.End(place, health.TryBegin(place)!.Value, outcome, out _);

    /// <summary>In steps, as a clock runs: a timer fires when it is due.</summary>
    private protected void Pass(double seconds)
    {
        var end = _time.GetTimestamp() + TimeSpan.FromSeconds(seconds).Ticks;
        while (end - _time.GetTimestamp() is > 0 and var left)
            _time.Advance(TimeSpan.FromTicks(Math.Min(left, TimeSpan.TicksPerMillisecond * 50)));
    }
}
