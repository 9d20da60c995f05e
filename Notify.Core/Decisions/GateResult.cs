using NodaTime;
using Notify.Core.Preferences;

namespace Notify.Core.Decisions;

/// <summary>One rule of a decision, in the order in which they are asked.</summary>
public enum Gate
{
    /// <summary>Whether an abandoned claim may have sent it already.</summary>
    Claim,

    /// <summary>Tenant and category are enabled.</summary>
    Enabled,
    Duplicate,

    /// <summary>The address is known and alive.</summary>
    Address,

    /// <summary>Its time is not over.</summary>
    Expiry,
    Suppression,

    /// <summary>The category is required.</summary>
    Required,

    /// <summary>The person refuses all marketing.</summary>
    Marketing,
    Preference,
    Muted,
    QuietHours,
}

/// <summary>What a gate, or all of them together, say of a delivery.</summary>
public enum Verdict
{
    /// <summary>Nothing against it.</summary>
    Pass,

    /// <summary>It would have stood in the way, or the value is a substitute, and something let the message through all the same.</summary>
    Bypass,

    /// <summary>Not before a moment.</summary>
    Wait,

    /// <summary>Not at all, for a reason that lies in the request or in its recipient.</summary>
    Skip,

    /// <summary>Not to this address.</summary>
    Suppress,

    /// <summary>Not any more: its time is over, or will be before it may be sent.</summary>
    Expire,

    /// <summary>Not again: it may have been sent, and must not be sent twice.</summary>
    Doubt,
}

/// <summary>One gate that was asked for one delivery.</summary>
/// <param name="Gate">Which.</param>
/// <param name="Verdict">What it said.</param>
/// <param name="Value">What it saw, in words such as <c>none</c>, <c>false</c> or <c>22:00-07:00</c>; never an address. Null for nothing to
/// tell.</param>
/// <param name="Layer">Where the value came from; null where there is only one place.</param>
/// <param name="Until">Until when to wait; null for every verdict but <see cref="Verdict.Wait"/>.</param>
/// <param name="Zone">The IANA time zone that was used; null where none was.</param>
/// <param name="IsCut">Whether value or zone lost their ends in a kept trace.</param>
public readonly record struct GateResult(
    Gate Gate,
    Verdict Verdict,
    string? Value = null,
    DecisionLayer? Layer = null,
    Instant? Until = null,
    string? Zone = null,
    bool IsCut = false
);

/// <summary>The names of gates and verdicts in answers, and their short ones in a kept trace.</summary>
public static class GateNames
{
    public static IReadOnlyList<Gate> Gates { get; } = Enum.GetValues<Gate>();

    public static IReadOnlyList<Verdict> Verdicts { get; } = Enum.GetValues<Verdict>();

    public static string ToName(this Gate gate) =>
        gate switch
        {
            Gate.Claim => "claim",
            Gate.Enabled => "enabled",
            Gate.Duplicate => "duplicate",
            Gate.Address => "address",
            Gate.Expiry => "expiry",
            Gate.Suppression => "suppression",
            Gate.Required => "required",
            Gate.Marketing => "marketing",
            Gate.Preference => "preference",
            Gate.Muted => "muted",
            Gate.QuietHours => "quiet_hours",
            _ => throw new ArgumentOutOfRangeException(nameof(gate), gate, null),
        };

    public static string ToName(this Verdict verdict) =>
        verdict switch
        {
            Verdict.Pass => "pass",
            Verdict.Bypass => "bypass",
            Verdict.Wait => "wait",
            Verdict.Skip => "skip",
            Verdict.Suppress => "suppress",
            Verdict.Expire => "expire",
            Verdict.Doubt => "doubt",
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
        };

    /// <summary>As a kept trace writes it; rows hold it, so it never changes its meaning.</summary>
    internal static char ToCode(this Gate gate) =>
        gate switch
        {
            Gate.Claim => 'c',
            Gate.Enabled => 'e',
            Gate.Duplicate => 'd',
            Gate.Address => 'a',
            Gate.Expiry => 'x',
            Gate.Suppression => 's',
            Gate.Required => 'r',
            Gate.Marketing => 'm',
            Gate.Preference => 'p',
            Gate.Muted => 'u',
            Gate.QuietHours => 'q',
            _ => throw new ArgumentOutOfRangeException(nameof(gate), gate, null),
        };

    /// <summary>As a kept trace writes it; rows hold it, so it never changes its meaning.</summary>
    internal static char ToCode(this Verdict verdict) =>
        verdict switch
        {
            Verdict.Pass => '.',
            Verdict.Bypass => '!',
            Verdict.Wait => 'w',
            Verdict.Skip => 'n',
            Verdict.Suppress => 'x',
            Verdict.Expire => 'e',
            Verdict.Doubt => 'd',
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
        };

    internal static bool TryParseCode(char code, out Gate gate) => TryFind(Gates, known => known.ToCode() == code, out gate);

    internal static bool TryParseCode(char code, out Verdict verdict) => TryFind(Verdicts, known => known.ToCode() == code, out verdict);

    private static bool TryFind<T>(IReadOnlyList<T> all, Func<T, bool> isIt, out T found)
        where T : struct
    {
        foreach (var one in all)
        {
            if (isIt(one))
            {
                found = one;
                return true;
            }
        }
        found = default;
        return false;
    }
}
