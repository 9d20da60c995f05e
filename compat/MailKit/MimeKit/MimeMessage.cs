using System.Globalization;

namespace MimeKit;

public class MimeMessage
{
    private const string DateFormat = "ddd, dd MMM yyyy HH:mm:ss zzz";

    public MimeMessage()
    {
        Follow(From, "From");
        Date = TimeProvider.System.GetLocalNow();
        Subject = "";
        MessageId = $"{Guid.NewGuid():N}@localhost";
        Follow(To, "To");
        Follow(Cc, "Cc");
    }

    internal MimeMessage(IEnumerable<Header> received, MimeEntity body)
    {
        foreach (var header in received)
            Headers.Append(header);
        From.Load(Headers["From"] ?? "");
        To.Load(Headers["To"] ?? "");
        Cc.Load(Headers["Cc"] ?? "");
        Body = body;
    }

    public HeaderList Headers { get; } = [];

    public InternetAddressList From { get; } = [];

    public InternetAddressList To { get; } = [];

    public InternetAddressList Cc { get; } = [];

    public string Subject
    {
        get => Headers[HeaderId.Subject] ?? "";
        set => Headers.Replace(HeaderId.Subject, value);
    }

    public DateTimeOffset Date
    {
        get => DateTimeOffset.TryParse(Headers[HeaderId.Date], CultureInfo.InvariantCulture, out var date) ? date : default;
        set
        {
            var text = value.ToString(DateFormat, CultureInfo.InvariantCulture);
            Headers.Replace(HeaderId.Date, text.Remove(text.Length - 3, 1));   // +01:00 as +0100
        }
    }

    /// <summary>Without its angle brackets.</summary>
    /// <exception cref="ArgumentException">It has no form of a message id.</exception>
    public string? MessageId
    {
        get => Headers[HeaderId.MessageId]?.Trim('<', '>');
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var id = value.StartsWith('<') && value.EndsWith('>') ? value[1..^1] : value;
            if (!id.Contains('@', StringComparison.Ordinal) || !id.All(c => c is > ' ' and < '\u007f' and not ('<' or '>')))
                throw new ArgumentException("Invalid Message-Id format.", nameof(value));
            Headers.Replace(HeaderId.MessageId, $"<{id}>");
        }
    }

    public MimeEntity? Body { get; set; }

    /// <summary>The plain text; null where there is none.</summary>
    public string? TextBody => Texts().FirstOrDefault(part => part.IsPlain)?.Text;

    public string? HtmlBody => Texts().FirstOrDefault(part => part.IsHtml)?.Text;

    public static async Task<MimeMessage> LoadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellationToken).ConfigureAwait(false);
        return MimeReader.Read(buffer.ToArray());
    }

    public async Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await stream.WriteAsync(ToBytes(), cancellationToken).ConfigureAwait(false);
    }

    internal byte[] ToBytes()
    {
        using var output = new MemoryStream();
        if (Body is null)
        {
            EntityWriter.Write(output, [], Headers);
            return output.ToArray();
        }

        var content = Body.Encode();
        if (!Headers.Contains(HeaderId.MimeVersion))
            Headers.Add(HeaderId.MimeVersion, "1.0");
        EntityWriter.Write(output, content, [.. Headers.Where(IsNotOfContent), .. Body.Headers]);
        return output.ToArray();
    }

    /// <summary>A received message has them in its own list, a body in its own.</summary>
    private static bool IsNotOfContent(Header header) => !header.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<TextPart> Texts() => Body switch
    {
        TextPart text => [text],
        Multipart multipart => multipart.OfType<TextPart>(),
        _ => [],
    };

    private void Follow(InternetAddressList addresses, string field) => addresses.Changed += () =>
    {
        if (addresses.Count == 0)
            Headers.Remove(field);
        else
            Headers.Replace(Header.OfAddresses(field, addresses));
    };
}
