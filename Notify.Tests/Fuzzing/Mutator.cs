using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;

namespace Notify.Tests.Fuzzing;

/// <summary>Makes bad ones of good bytes, JSON and headers; the same ones for the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private const string Hole = "@@hole@@";
    private static readonly string[] s_values =
    [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1",
        "1.5",
        "1e400",
        "-0",
        "1e131071",
        "9223372036854775807",
        "9223372036854775808",
        "123456789012345678901234567890",
        "\"\"",
        "\" \"",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "{\"\":null}",
        "{\"a\":1,\"a\":2}",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "\"\\ud83d\\ude00\"",
        "\"\\\\u0000\"",
        "\"\\u2028\"",
        "\"\\u00ad\"",
        "\"\\uffff\"",
        "\"'\\\"\\r\\nBcc: x\"",
        "\"00000000-0000-0000-0000-000000000000\"",
        "\"a3bb189e-8bf9-4c64-9bd5-5b1f2a5f2a11\"",
        "\"ffffffff-ffff-7fff-bfff-ffffffffffff\"",
        "\"00000000-0000-7000-8000-000000000000\"",
        "\"e677d21f-db00-7000-8000-000000000000\"",
        "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"",
        "\"2026-11-30T12:00:00+05:30\"",
        "\"2026-02-30T00:00:00Z\"",
        "\"+15005550001\"",
        "\"a@example.test\"",
        "\"fcm\"",
        "\"critical\"",
        "\"push\"",
    ];

    private static readonly byte[][] s_tokens =
    [
        [0],
        [0xFF],
        [0xC0, 0x80],
        [0xED, 0xA0, 0x80],
        [0xEF, 0xBB, 0xBF],
        .. new[] { "null", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "/*" }.Select(text =>
            Encoding.UTF8.GetBytes(text)
        ),
    ];

    private static readonly string[] s_texts =
    [
        "",
        " ",
        "0",
        "1",
        "2",
        "-1",
        "99999999999999999999",
        "a\0b",
        "acme",
        "nobody",
        "ä😀",
        "\r\n",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "a3bb189e-8bf9-4c64-9bd5-5b1f2a5f2a11",
        "ffffffff-ffff-7fff-bfff-ffffffffffff",
    ];

    private readonly Random _random = new(seed);

    /// <summary>One time in three the bytes are damaged, otherwise the JSON in them.</summary>
    public byte[] Value(byte[] good)
    {
        var value = good;
        for (var changes = 1 + _random.Next(3); changes > 0; changes--)
            value = _random.Next(3) == 0 ? Bytes(value) : Json(value);
        return value;
    }

    public void Change(Headers headers)
    {
        if (_random.Next(3) > 0)
            return;
        var names = headers.Select(header => header.Key).ToList();
        var name = _random.Next(4) == 0 || names.Count == 0 ? One(s_texts) + "x" : One(names);
        if (_random.Next(2) == 0)
            headers.Remove(name);
        var value = _random.Next(8) switch
        {
            0 => null,
            1 or 2 => One(s_tokens),
            _ => Encoding.UTF8.GetBytes(One(s_texts)),
        };
        if (_random.Next(3) > 0)
            headers.Add(name.Replace("\0", "", StringComparison.Ordinal), value); // the client ends a name there
    }

    private byte[] Bytes(byte[] good)
    {
        var at = _random.Next(good.Length + 1);
        var rest = _random.Next(Math.Min(good.Length - at, 12) + 1);
        switch (_random.Next(7))
        {
            case 0:
                return good[..at];
            case 1:
                return [.. good[..at], .. good[(at + rest)..]];
            case 2:
                return [.. good[..at], .. One(s_tokens), .. good[at..]];
            case 3:
                return [.. good[..at], .. One(s_tokens), .. good[(at + rest)..]];
            case 4:
                return [.. good[..at], .. good[at..(at + rest)], .. good[at..]];
            case 5:
                return [.. good, .. One(s_tokens)];
            default:
                if (good.Length == 0)
                    return good;
                byte[] copy = [.. good];
                copy[at % good.Length] ^= (byte)(1 << _random.Next(8));
                return copy;
        }
    }

    /// <summary>Another value in the place of one, one left out, one that comes twice, or one more.</summary>
    private byte[] Json(byte[] good)
    {
        string json;
        try
        {
            var root = JsonNode.Parse(good);
            var places = Places(root).ToList();
            if (places.Count == 0)
                return Encoding.UTF8.GetBytes(One(s_values));
            var (parent, key) = One(places);
            if (parent is JsonObject o)
                Change(o, (string)key);
            else
                Change((JsonArray)parent, (int)key);
            json = root!.ToJsonString();
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException) // damaged before
        {
            return Bytes(good);
        }
        var value = _random.Next(20) == 0 ? new string('[', 40) + new string(']', 40) : One(s_values);
        return Encoding.UTF8.GetBytes(
            json.Replace($"\"{Hole}\"", value, StringComparison.Ordinal).Replace(Hole, "again", StringComparison.Ordinal)
        );
    }

    private void Change(JsonObject parent, string key)
    {
        switch (_random.Next(6))
        {
            case 0:
                parent.Remove(key);
                break;
            case 1:
                parent[key + Hole] = Hole;
                break;
            case 2:
                parent[key.ToUpperInvariant()] = Hole;
                break;
            default:
                parent[key] = Hole;
                break;
        }
    }

    private void Change(JsonArray parent, int index)
    {
        switch (_random.Next(4))
        {
            case 0:
                parent.RemoveAt(index);
                break;
            case 1:
                parent.Insert(index, Hole);
                break;
            default:
                parent[index] = Hole;
                break;
        }
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(pair => Places(pair.Value).Prepend((o, pair.Key))),
            JsonArray a => a.SelectMany((item, index) => Places(item).Prepend((a, index))),
            _ => [],
        };

    private T One<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
