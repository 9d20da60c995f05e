using System.Text;
using Notify.Tests.Fuzzing;

namespace Notify.Tests.Workers.Cases;

/// <summary>Answers that no provider should give, made of those that it gives: cut, doubled, flipped, nested, of another type.</summary>
internal sealed class AnswerMutations(int seed)
{
    private static readonly string[] Fragments =
    [
        "null",
        "[]",
        "{}",
        "\"\"",
        "-1",
        "1e400",
        "true",
        "\u0000",
        "\ud800",
        "\"\\ud800\"",
        "\r\n",
        "<html>",
        "[[[[[[[[",
        "\"a\":",
        ",",
        "5.7.1",
        "550",
        "2.0.0 ",
        "-",
        "\t",
    ];

    private static readonly string[] Waits =
    [
        "0",
        "-1",
        "1",
        "30",
        "86400",
        "2147483648",
        "99999999999999999999",
        "1.5",
        "",
        " ",
        "soon",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 30 Nov 2026 25:00:00 GMT",
    ];

    private static readonly string[] Types =
    [
        "application/json",
        "text/html",
        "application/json; charset=utf-16",
        "application/octet-stream",
        "x",
    ];

    private readonly Random _random = new(seed);
    private readonly Mutator _mutator = new(seed);

    public int Status() =>
        _random.Next(8) switch
        {
            0 => _random.Next(200, 600),
            1 => 429,
            2 => 200,
            _ => (int[])[400, 401, 403, 404, 410, 413, 500, 503] is var usual ? usual[_random.Next(usual.Length)] : 400,
        };

    /// <summary>One whole answer: status, headers and a body made of a good one, as text, as JSON or as bytes.</summary>
    public StubAnswer Answer(string good)
    {
        var status = Status();
        var headers = new List<(string, string)> { ("Content-Type", One(Types)) };
        if (_random.Next(2) == 0)
            headers.Add(("Retry-After", One(Waits)));
        if (status is >= 300 and < 400)
            headers.Add(("Location", "http://127.0.0.1:1/elsewhere"));
        byte[] bytes =
            status is 204 or 205 or 304 ? []
            : _random.Next(2) == 0 ? Encoding.UTF8.GetBytes(Text(good))
            : _mutator.Value(Encoding.UTF8.GetBytes(good));
        return new(status, Encoding.UTF8.GetString(bytes), [.. headers]) { Bytes = bytes };
    }

    private T One<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    public string Text(string good)
    {
        var text = new StringBuilder(good);
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            var at = _random.Next(text.Length + 1);
            switch (_random.Next(6))
            {
                case 0:
                    text.Length = at;
                    break;
                case 1 when at < text.Length:
                    text[at] = (char)_random.Next(1, 0x180);
                    break;
                case 2:
                    text.Insert(at, Fragments[_random.Next(Fragments.Length)]);
                    break;
                case 3:
                    text.Insert(at, new string('[', _random.Next(1, 200)));
                    break;
                case 4 when at < text.Length:
                    text.Remove(at, _random.Next(1, text.Length - at + 1));
                    break;
                default:
                    text.Append(text.ToString(0, Math.Min(text.Length, 2_000)));
                    break;
            }
        }
        return text.ToString();
    }
}
