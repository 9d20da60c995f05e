using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Notify.Api.Recipients;

/// <summary>
/// What a JSON value takes where it is kept. Postgres keeps each number of jsonb with all its digits, and writes them all out again:
/// <c>1e131071</c> is eight bytes of a request and 131,072 digits of a row.
/// </summary>
internal static class KeptJson
{
    /// <summary>The bytes of its text with every number written out.</summary>
    public static long BytesOf(JsonElement value) => Encoding.UTF8.GetByteCount(value.GetRawText()) + Zeros(value);

    /// <summary>The zeros that exponents stand for.</summary>
    private static long Zeros(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Sum(member => Zeros(member.Value)),
            JsonValueKind.Array => value.EnumerateArray().Sum(Zeros),
            JsonValueKind.Number => Zeros(value.GetRawText()),
            _ => 0,
        };

    private static long Zeros(string number)
    {
        var mark = number.AsSpan().IndexOfAny('e', 'E');
        if (mark < 0)
            return 0;
        return int.TryParse(number.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            ? Math.Abs((long)exponent)
            : int.MaxValue;
    }

    /// <summary>Whether Postgres can hold each text of it: U+0000 and half of a surrogate pair it cannot.</summary>
    public static bool HasOnlyText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().All(member => IsText(member.Name) && HasOnlyText(member.Value)),
                JsonValueKind.Array => value.EnumerateArray().All(HasOnlyText),
                JsonValueKind.String => IsText(value.GetString()!),
                _ => true,
            };
        }
        catch (InvalidOperationException) // half of a surrogate pair
        {
            return false;
        }
    }

    private static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal);
}
