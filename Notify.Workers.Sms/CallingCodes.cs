using System.Collections.Frozen;

namespace Notify.Workers.Sms;

/// <summary>
/// The calling code of a number (ITU-T E.164, list of country codes): what Twilio permits or forbids by country is at least as wide.
/// </summary>
internal static class CallingCodes
{
    // Zones 1 and 7 have one digit, these two; all others three.
    private static readonly FrozenSet<string> OfTwoDigits = new[]
    {
        "20",
        "27",
        "30",
        "31",
        "32",
        "33",
        "34",
        "36",
        "39",
        "40",
        "41",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "58",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "81",
        "82",
        "84",
        "86",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "98",
    }.ToFrozenSet();

    /// <summary>
    /// Such as <c>+49</c>. Within zone 1, which many countries share, with the area code (<c>+1876</c>): it is their own.
    /// </summary>
    public static string Of(string number)
    {
        var digits = number.StartsWith('+') ? number[1..] : number;
        var length = digits switch
        {
            ['1', ..] => 4,
            ['7', ..] => 2, // Kazakhstan is +77, and the other areas Russia's
            _ when digits.Length >= 2 && OfTwoDigits.Contains(digits[..2]) => 2,
            _ => 3,
        };
        return $"+{(digits.Length <= length ? digits : digits[..length])}";
    }
}
