using Notify.Core.Decisions;
using Notify.Core.Deliveries;

namespace Notify.Tests.Core.Decisions;

public sealed class GatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Snapshot Good = new()
    {
        Now = Now,
        ExpiresAt = Now.AddTicks(1),
        IsTenantEnabled = true,
        IsRecipientKnown = true,
        HasAddress = true,
    };

    /// <summary>Snapshots that one gate does not let pass, in the order of the gates.</summary>
    private static readonly (string Gate, Func<Snapshot, Snapshot> Spoil, DeliveryState State, string Reason)[] Obstacles =
    [
        ("claim", good => good with { MayHaveBeenSent = true, AtMostOnce = true }, DeliveryState.Unknown, DeliveryReasons.LeaseExpired),
        ("tenant", good => good with { IsTenantEnabled = false }, DeliveryState.Skipped, DeliveryReasons.TenantDisabled),
        ("duplicate", good => good with { DuplicateOf = Guid.NewGuid() }, DeliveryState.Skipped, DeliveryReasons.Duplicate),
        ("address", good => good with { IsRecipientKnown = false }, DeliveryState.Skipped, DeliveryReasons.UnknownRecipient),
        ("address", good => good with { HasAddress = false }, DeliveryState.Skipped, DeliveryReasons.NoAddress),
        ("expiry", good => good with { ExpiresAt = Now }, DeliveryState.Expired, DeliveryReasons.Expired),
    ];

    public static TheoryData<int> Each => [.. Enumerable.Range(0, Obstacles.Length)];

    [Theory]
    [MemberData(nameof(Each))]
    public void Gate_stops_what_it_is_there_for(int index)
    {
        var (gate, spoil, state, reason) = Obstacles[index];
        var decision = Gates.Decide(spoil(Good));
        Assert.Equal((gate, state, reason, null), (decision.Gate, decision.State, decision.Reason, decision.Until));
        Assert.False(decision.IsSend);
    }

    [Fact]
    public void First_gate_that_stops_it_decides()
    {
        for (var first = 0; first < Obstacles.Length; first++)
        {
            for (var second = first + 1; second < Obstacles.Length; second++)
                Assert.Equal(
                    Gates.Decide(Obstacles[first].Spoil(Good)),
                    Gates.Decide(Obstacles[first].Spoil(Obstacles[second].Spoil(Good)))
                );
        }
        Assert.Equal(Gates.Names, Obstacles.Select(obstacle => obstacle.Gate).Distinct());
    }

    [Theory]
    [InlineData(false, true)] // at most once, and never begun
    [InlineData(true, false)] // begun, and may be sent again
    public void What_no_gate_stops_is_queued(bool mayHaveBeenSent, bool atMostOnce)
    {
        var trace = new List<GateResult>();
        var decision = Gates.Decide(Good with { MayHaveBeenSent = mayHaveBeenSent, AtMostOnce = atMostOnce }, trace);
        Assert.Equal((true, DeliveryState.Queued, null), (decision.IsSend, decision.State, decision.Reason));
        Assert.Equal(Gates.Names, trace.Select(result => result.Gate));
    }

    [Fact]
    public void Trace_ends_with_the_gate_that_decided_and_does_not_change_the_decision()
    {
        foreach (var (gate, spoil, _, _) in Obstacles)
        {
            var trace = new List<GateResult>();
            Assert.Equal(Gates.Decide(spoil(Good)), Gates.Decide(spoil(Good), trace));
            Assert.Equal(gate, trace[^1].Gate);
            Assert.All(trace[..^1], result => Assert.Equal(Verdict.Send, result.Verdict));
        }
    }
}
