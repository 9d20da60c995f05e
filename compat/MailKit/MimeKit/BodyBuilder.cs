namespace MimeKit;

public class BodyBuilder
{
    public string? TextBody { get; set; }

    public string? HtmlBody { get; set; }

    /// <summary>A single text part, or both as alternatives.</summary>
    public MimeEntity ToMessageBody()
    {
        if (TextBody is not null && HtmlBody is not null)
            return new MultipartAlternative { new TextPart("plain") { Text = TextBody }, new TextPart("html") { Text = HtmlBody } };
        return HtmlBody is not null ? new TextPart("html") { Text = HtmlBody } : new TextPart("plain") { Text = TextBody ?? "" };
    }
}
