using System.Text;

namespace Notify.Tests.Workers.Cases;

/// <summary>Answers that no provider should give, made of those that it gives: cut, doubled, flipped, nested, of another type.</summary>
internal sealed class AnswerMutations(int seed)
{
    private static readonly string[] Fragments =
    [
        "null", "[]", "{}", "\"\"", "-1", "1e400", "true", "\u0000", "\ud800", "\"\\ud800\"", "\r\n", "<html>", "[[[[[[[[", "\"a\":", ",",
            "5.7.1", "550", "2.0.0 ", "-", "\t",
    ];

    private readonly Random _random = new(seed);

    public int Status() => _random.Next(8) switch
    {
        0 => _random.Next(200, 600),
        1 => 429,
        2 => 200,
        _ => (int[])[400, 401, 403, 404, 410, 413, 500, 503] is var usual ? usual[_random.Next(usual.Length)] : 400,
    };

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
