using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using NodaTime;
using Notify.Core.Preferences;

namespace Notify.Core.Decisions;

/// <summary>
/// Why a delivery is as it is, as its row keeps it: the version of the rules and the gates that did not simply pass, in at most
/// <see cref="MaxBytes"/> bytes.
/// </summary>
/// <remarks>
/// The text is the version, then for each gate a semicolon, its code and its verdict's, and what there is of: <c>/</c> layer,
/// <c>@</c> the moment to wait for in milliseconds since 1970, <c>=</c> value, <c>#</c> zone. For example
/// <c>1;r!/c;qw/r@1796108400000=22:00-07:00#Europe/Berlin</c>. In value and zone these marks, the percent sign, the tilde, and what is not
/// visible ASCII are percent-encoded; a tilde at the end says that something was cut. Where the text would be too long, values and zones
/// are cut, those of the earlier gates first, because the last gate is the one that decided; and only where that is not enough, the earliest
/// gates are left out.
/// </remarks>
/// <param name="RulesVersion">The version of the rules by which it was decided: 0 and above.</param>
/// <param name="Gates">In the order in which they were asked.</param>
public sealed record DecisionTrace(int RulesVersion, IReadOnlyList<GateResult> Gates)
{
    /// <summary>The longest text, in bytes and, since it is ASCII, in characters.</summary>
    public const int MaxBytes = 256;

    // Milliseconds since 1970 of the beginning of year 1 and the end of year 9999.
    private const long MinMilliseconds = -62_135_596_800_000;
    private const long MaxMilliseconds = 253_402_300_799_999;

    // Of nearly every delivery.
    private static readonly string s_nothingToTell = Decisions.Gates.RulesVersion.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the row of a delivery keeps that was decided just now.</summary>
    /// <param name="trace">What the gates said.</param>
    public static string Kept(List<GateResult> trace) =>
        trace.TrueForAll(gate => gate.Verdict == Verdict.Pass)
            ? s_nothingToTell
            : new DecisionTrace(Decisions.Gates.RulesVersion, trace).Encode();

    /// <summary>The text to keep.</summary>
    public string Encode()
    {
        var kept = Gates.Where(gate => gate.Verdict != Verdict.Pass).ToList();
        var heads = kept.Select(HeadOf).ToList();
        var version = RulesVersion.ToString(CultureInfo.InvariantCulture);
        var room = MaxBytes - version.Length - heads.Sum(head => head.Length);
        var first = 0;
        for (; room < 0; first++)
            room += heads[first].Length;
        // The last gate takes what it needs first.
        var tails = new string[kept.Count];
        for (var i = kept.Count - 1; i >= first; i--)
        {
            tails[i] = TailOf(kept[i], room);
            room -= tails[i].Length;
        }
        var text = new StringBuilder(version, MaxBytes);
        for (var i = first; i < kept.Count; i++)
            text.Append(heads[i]).Append(tails[i]);
        return text.ToString();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything else, such as codes of a newer version.</summary>
    public static bool TryDecode(string? text, [NotNullWhen(true)] out DecisionTrace? trace)
    {
        trace = null;
        var parts = (text ?? "").Split(';');
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return false;
        var gates = new List<GateResult>(parts.Length - 1);
        foreach (var part in parts.AsSpan(1))
        {
            if (GateOf(part) is not { } gate)
                return false;
            gates.Add(gate);
        }
        trace = new(version, gates);
        return true;
    }

    private static string HeadOf(GateResult gate) =>
        $";{gate.Gate.ToCode()}{gate.Verdict.ToCode()}"
        + (gate.Layer is { } layer ? $"/{layer.ToCode()}" : "")
        + (gate.Until is { } until ? $"@{until.ToUnixTimeMilliseconds()}" : "");

    /// <summary>Value and zone, as far as there is room for them.</summary>
    private static string TailOf(GateResult gate, int room)
    {
        var whole = new StringBuilder();
        if (TryAppend(whole, gate, room - (gate.IsCut ? 1 : 0)))
            return whole.Append(gate.IsCut ? "~" : "").ToString();
        var part = new StringBuilder();
        TryAppend(part, gate, room - 1);
        return room > 0 ? part.Append('~').ToString() : "";
    }

    /// <summary>False where not everything fits; what does then ends with a whole character.</summary>
    private static bool TryAppend(StringBuilder tail, GateResult gate, int room) =>
        TryAppend(tail, '=', gate.Value, room) && TryAppend(tail, '#', gate.Zone, room);

    private static bool TryAppend(StringBuilder tail, char mark, string? text, int room)
    {
        if (text is null)
            return true;
        if (tail.Length >= room)
            return false;
        tail.Append(mark);
        foreach (var rune in text.EnumerateRunes())
        {
            var encoded = IsPlain(rune) ? rune.ToString() : Escaped(rune);
            if (tail.Length + encoded.Length > room)
                return false;
            tail.Append(encoded);
        }
        return true;
    }

    private static bool IsPlain(Rune rune) => rune.Value is >= ' ' and < '~' and not (';' or '#' or '%');

    private static string Escaped(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        var escaped = new StringBuilder();
        foreach (var unit in bytes[..rune.EncodeToUtf8(bytes)])
            escaped.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        return escaped.ToString();
    }

    private static GateResult? GateOf(string part)
    {
        if (part.Length < 2 || !GateNames.TryParseCode(part[0], out Gate gate) || !GateNames.TryParseCode(part[1], out Verdict verdict))
            return null;
        var isCut = part.Length > 2 && part[^1] == '~';
        var body = isCut ? part[2..^1] : part[2..];
        var tailAt = body.AsSpan().IndexOfAny('=', '#') is var at and >= 0 ? at : body.Length;
        if (!TryReadHead(body.AsSpan(0, tailAt), out var layer, out var until))
            return null;
        var zoneAt = body.IndexOf('#', StringComparison.Ordinal) is var mark and >= 0 ? mark : body.Length;
        var value = zoneAt > tailAt ? Uri.UnescapeDataString(body[(tailAt + 1)..zoneAt]) : null;
        var zone = zoneAt < body.Length ? Uri.UnescapeDataString(body[(zoneAt + 1)..]) : null;
        return new(gate, verdict, value, layer, until, zone, isCut);
    }

    /// <summary>Layer and moment, in this order, each where there is one.</summary>
    private static bool TryReadHead(ReadOnlySpan<char> head, out DecisionLayer? layer, out Instant? until)
    {
        (layer, until) = (null, null);
        if (head.IndexOf('@') is var at and >= 0)
        {
            var isTime = long.TryParse(head[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time);
            if (!isTime || time is < MinMilliseconds or > MaxMilliseconds)
                return false;
            until = Instant.FromUnixTimeMilliseconds(time);
            head = head[..at];
        }
        if (head.IsEmpty)
            return true;
        if (head[0] != '/' || !DecisionLayerNames.TryParseCode(head[1..], out var known))
            return false;
        layer = known;
        return true;
    }
}
