using CsCheck;
using NodaTime;
using Notify.Core.Decisions;
using Notify.Core.Preferences;

namespace Notify.Tests.Core.Decisions;

public sealed class DecisionTraceTests
{
    private static Gen<string?> Text { get; } =
        Gen.OneOf(
            Gen.Const((string?)null),
            Gen.String[0, 40].Select(text => (string?)WithoutHalves(text)),
            Gen.Int[0, 4].Select(i => (string?)((string[])["false", "22:00-07:00", "a;b/c@d=e#f%g~", "", "日本語🎌"])[i])
        );

    private static Gen<GateResult> Result { get; } =
        Gen.Select(
            Gen.Int[0, GateNames.Gates.Count - 1],
            Gen.Int[0, GateNames.Verdicts.Count - 1],
            Text,
            Gen.Int[-1, DecisionLayerNames.All.Count - 1],
            Gen.Long[-1_000_000_000_000, 4_000_000_000_000],
            Text,
            (gate, verdict, value, layer, until, zone) =>
                new GateResult(
                    GateNames.Gates[gate],
                    GateNames.Verdicts[verdict],
                    value,
                    layer < 0 ? null : DecisionLayerNames.All[layer],
                    GateNames.Verdicts[verdict] == Verdict.Wait ? Instant.FromUnixTimeMilliseconds(until) : null,
                    zone
                )
        );

    [Fact]
    public void Gates_that_simply_passed_are_not_kept()
    {
        var until = Instant.FromUtc(2026, 12, 1, 7, 0);
        var trace = new DecisionTrace(
            1,
            [
                new(Gate.Suppression, Verdict.Pass, "none"),
                new(Gate.Required, Verdict.Bypass, null, DecisionLayer.Category),
                new(Gate.Preference, Verdict.Pass, "true", DecisionLayer.CategoryDefault),
                new(Gate.QuietHours, Verdict.Wait, "22:00-07:00", DecisionLayer.Recipient, until, "Europe/Berlin"),
            ]
        );
        Assert.Equal("1;r!/c;qw/r@1796108400000=22:00-07:00#Europe/Berlin", trace.Encode());
        Assert.True(DecisionTrace.TryDecode(trace.Encode(), out var read));
        Assert.Equal(1, read.RulesVersion);
        Assert.Equal([trace.Gates[1], trace.Gates[3]], read.Gates);
        Assert.Equal("7", new DecisionTrace(7, []).Encode());
    }

    [Fact]
    public void What_fits_is_read_back_as_it_was_and_what_does_not_is_cut() =>
        Gen.Select(Gen.Int[0, 1_000], Result.Array[0, 12])
            .Sample(
                (version, results) =>
                {
                    var kept = results.Where(result => result.Verdict != Verdict.Pass).ToList();
                    var text = new DecisionTrace(version, results).Encode();
                    Assert.True(text.Length <= DecisionTrace.MaxBytes);
                    Assert.DoesNotContain(text, c => c is < ' ' or > '~');
                    Assert.True(DecisionTrace.TryDecode(text, out var read), text);
                    Assert.Equal(version, read.RulesVersion);
                    Assert.Equal(text, read.Encode());
                    foreach (var (before, after) in kept.TakeLast(read.Gates.Count).Zip(read.Gates))
                    {
                        Assert.Equal(
                            (before.Gate, before.Verdict, before.Layer, before.Until),
                            (after.Gate, after.Verdict, after.Layer, after.Until)
                        );
                        Assert.StartsWith(after.Value ?? "", before.Value ?? "", StringComparison.Ordinal);
                        Assert.StartsWith(after.Zone ?? "", before.Zone ?? "", StringComparison.Ordinal);
                        if (text.Length < DecisionTrace.MaxBytes - 16)
                            Assert.Equal(before, after);
                    }
                    if (text.Length < DecisionTrace.MaxBytes - 40)
                        Assert.Equal(kept.Count, read.Gates.Count);
                },
                iter: 20_000
            );

    [Fact]
    public void Last_gate_keeps_its_value_before_the_others_do()
    {
        var value = new string('a', 100);
        GateResult[] results =
        [
            new(Gate.Required, Verdict.Bypass, value),
            new(Gate.Marketing, Verdict.Bypass, value),
            new(Gate.Preference, Verdict.Skip, value),
        ];
        Assert.True(DecisionTrace.TryDecode(new DecisionTrace(1, results).Encode(), out var read));
        Assert.Equal([(42, true), (100, false), (100, false)], read.Gates.Select(gate => (gate.Value!.Length, gate.IsCut)));
    }

    [Fact]
    public void Earliest_gates_go_where_there_is_no_other_way()
    {
        var results = Enumerable.Repeat(
            new GateResult(Gate.Muted, Verdict.Wait, "x", DecisionLayer.Recipient, Instant.FromUnixTimeSeconds(1)),
            40
        );
        var text = new DecisionTrace(1, [.. results, new(Gate.QuietHours, Verdict.Wait)]).Encode();
        Assert.True(DecisionTrace.TryDecode(text, out var read));
        Assert.Equal(Gate.QuietHours, read.Gates[^1].Gate);
        Assert.InRange(read.Gates.Count, 20, 40);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1;")]
    [InlineData("1;q")]
    [InlineData("1;?w")]
    [InlineData("1;q?")]
    [InlineData("1;qw/zz")]
    [InlineData("1;qw@soon")]
    [InlineData("1;qw@9999999999999999")]
    [InlineData("1;qwr")]
    public void What_is_no_trace_is_refused(string? text) => Assert.False(DecisionTrace.TryDecode(text, out _));

    [Fact]
    public void Each_gate_verdict_and_layer_has_names_of_its_own()
    {
        Assert.Equal(GateNames.Gates.Count, GateNames.Gates.Select(gate => gate.ToName()).Distinct().Count());
        Assert.Equal(GateNames.Gates.Count, GateNames.Gates.Select(gate => gate.ToCode()).Distinct().Count());
        Assert.Equal(GateNames.Verdicts.Count, GateNames.Verdicts.Select(verdict => verdict.ToName()).Distinct().Count());
        Assert.Equal(GateNames.Verdicts.Count, GateNames.Verdicts.Select(verdict => verdict.ToCode()).Distinct().Count());
        Assert.Equal(DecisionLayerNames.All.Count, DecisionLayerNames.All.Select(layer => layer.ToName()).Distinct().Count());
        Assert.Equal(DecisionLayerNames.All.Count, DecisionLayerNames.All.Select(layer => layer.ToCode()).Distinct().Count());
    }

    private static string WithoutHalves(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);
}
