using System.Text;
using MimeKit;

namespace Notify.Workers.Email.Smtp;

/// <summary>
/// Writes a subject that contains <c>=?</c> so that it arrives unchanged. MimeKit sends plain ASCII as it is, and a mail reader would
/// decode what looks like an encoded word.
/// </summary>
internal static class LiteralSubject
{
    // 60 characters of base64; with the 12 around them a word stays within the 75 that RFC 2047 allows.
    private const int MaxBytesPerWord = 45;

    public static bool IsNeededFor(string subject) => subject.Contains("=?", StringComparison.Ordinal);

    public static void Set(MimeMessage mail, string subject)
    {
        var header = new Header(HeaderId.Subject, "");
        header.SetRawValue(Encoding.ASCII.GetBytes($" {string.Join("\r\n ", Words(subject))}\r\n"));
        mail.Headers.Replace(header);
    }

    /// <summary>Encoded words of whole characters.</summary>
    private static IEnumerable<string> Words(string subject)
    {
        var word = new List<byte>(MaxBytesPerWord);
        var character = new byte[4];
        foreach (var rune in subject.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(character);
            if (word.Count + length > MaxBytesPerWord)
            {
                yield return Encode(word);
                word.Clear();
            }
            word.AddRange(character.AsSpan(0, length));
        }
        yield return Encode(word);
    }

    private static string Encode(List<byte> word) => $"=?utf-8?b?{Convert.ToBase64String([.. word])}?=";
}
