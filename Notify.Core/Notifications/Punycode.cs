using System.Text;

namespace Notify.Core.Notifications;

/// <summary>
/// RFC 3492, for the labels that the framework's mapping would change: Unicode in the letters, digits and hyphens of a host name, without
/// the prefix.
/// </summary>
internal static class Punycode
{
    private const int Base = 36,
        TMin = 1,
        TMax = 26,
        Skew = 38,
        Damp = 700,
        InitialBias = 72,
        InitialN = 128;
    private const string Digits = "abcdefghijklmnopqrstuvwxyz0123456789";

    public static string Encode(string text)
    {
        var scalars = text.EnumerateRunes().Select(rune => rune.Value).ToList();
        var encoded = new StringBuilder();
        foreach (var scalar in scalars.Where(scalar => scalar < InitialN))
            encoded.Append((char)scalar);
        var (basic, handled) = (encoded.Length, encoded.Length);
        if (basic > 0)
            encoded.Append('-');
        var (n, delta, bias) = (InitialN, 0, InitialBias);
        while (handled < scalars.Count)
        {
            var next = scalars.Where(scalar => scalar >= n).Min();
            delta = checked(delta + (next - n) * (handled + 1));
            n = next;
            foreach (var scalar in scalars)
            {
                if (scalar < n)
                    delta++;
                if (scalar != n)
                    continue;
                var q = delta;
                for (var k = Base; ; k += Base)
                {
                    var t = Math.Clamp(k - bias, TMin, TMax);
                    if (q < t)
                        break;
                    encoded.Append(Digits[t + (q - t) % (Base - t)]);
                    q = (q - t) / (Base - t);
                }
                encoded.Append(Digits[q]);
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }
            delta++;
            n++;
        }
        return encoded.ToString();
    }

    /// <exception cref="ArgumentException">This is none.</exception>
    public static string Decode(ReadOnlySpan<char> encoded)
    {
        var last = encoded.LastIndexOf('-');
        var scalars = new List<int>();
        foreach (var letter in encoded[..Math.Max(last, 0)])
            scalars.Add(letter);
        var (n, i, bias) = (InitialN, 0L, InitialBias);
        for (var at = last < 0 ? 0 : last + 1; at < encoded.Length; )
        {
            var (before, weight) = (i, 1L);
            for (var k = Base; ; k += Base)
            {
                var digit = at < encoded.Length ? Digits.IndexOf(encoded[at++]) : -1;
                i += digit * weight;
                if (digit < 0 || i > int.MaxValue)
                    throw new ArgumentException("Not Punycode.", nameof(encoded));
                var t = Math.Clamp(k - bias, TMin, TMax);
                if (digit < t)
                    break;
                weight *= Base - t;
            }
            var count = scalars.Count + 1;
            bias = Adapt((int)(i - before), count, before == 0);
            n = checked((int)Math.Min(n + i / count, int.MaxValue));
            i %= count;
            if (!Rune.IsValid(n))
                throw new ArgumentException("Not Punycode.", nameof(encoded));
            scalars.Insert((int)i++, n);
        }
        return string.Concat(scalars.Select(char.ConvertFromUtf32));
    }

    private static int Adapt(int delta, int points, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / points;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
            delta /= Base - TMin;
        return k + (Base - TMin + 1) * delta / (delta + Skew);
    }
}
