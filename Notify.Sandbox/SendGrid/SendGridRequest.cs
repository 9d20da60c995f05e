using System.Text;
using System.Text.Json;
using Notify.Sandbox.Mail;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.SendGrid;

/// <summary>What of a request to send the sandbox looks at, and what SendGrid would find wrong with it.</summary>
internal sealed record SendGridRequest(string? To, string? From, string? Subject, string? Text, string? Html)
{
    private const string PersonalizationsField = "personalizations";

    public Guid? DeliveryId { get; private init; }

    /// <summary>Checked, not sent.</summary>
    public bool SandboxMode { get; private init; }

    /// <summary>Null for a valid request.</summary>
    public (string? Field, string Message)? Fault { get; private init; }

    public static SendGridRequest Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonElement.ParseValue(ref reader) is { ValueKind: JsonValueKind.Object } json ? Read(json) : NotJson();
        }
        catch (JsonException)
        {
            return NotJson();
        }
    }

    public ParsedMail ToMail() => new(Subject, From, To, null, Text, Html, []);

    private static SendGridRequest NotJson() => new(null, null, null, null, null) { Fault = (null, "Bad Request") };

    private static SendGridRequest Read(JsonElement json)
    {
        var recipients = Items(json, PersonalizationsField)
            .SelectMany(one => Items(one, "to"))
            .Select(address => TextOf(address, "email"))
            .ToList();
        var content = Items(json, "content").Select(part => (Type: TextOf(part, "type"), Value: TextOf(part, "value"))).ToList();
        var from = Child(json, "from");
        return new SendGridRequest(
            recipients.Count == 0 ? null : string.Join(", ", recipients),
            TextOf(from, "email"),
            TextOf(json, "subject"),
            content.Find(part => part.Type == "text/plain").Value,
            content.Find(part => part.Type == "text/html").Value
        )
        {
            DeliveryId = TextOf(Child(json, "custom_args"), DeliveryIds.Key) is { } id
                ? DeliveryIds.Parse(Encoding.UTF8.GetBytes(id))
                : null,
            SandboxMode = Child(Child(Child(json, "mail_settings"), "sandbox_mode"), "enable") is { ValueKind: JsonValueKind.True },
            Fault = FaultOf(recipients, TextOf(from, "email"), TextOf(json, "subject"), content),
        };
    }

    private static (string?, string)? FaultOf(
        List<string?> recipients,
        string? from,
        string? subject,
        List<(string? Type, string? Value)> content
    )
    {
        if (recipients.Count == 0)
            return (PersonalizationsField, "The personalizations field is required and must have at least one personalization.");
        if (recipients.FindIndex(address => !IsAddress(address)) is var wrong and >= 0)
            return ($"personalizations.0.to.{wrong}.email", "Does not contain a valid address.");
        if (!IsAddress(from))
            return ("from.email", "The from email does not contain a valid address.");
        if (string.IsNullOrEmpty(subject))
            return ("subject", "The subject is required.");
        if (content.Count == 0 || content.Exists(part => string.IsNullOrEmpty(part.Type) || string.IsNullOrEmpty(part.Value)))
            return ("content", "The content value must be a string at least one character in length.");
        return content.FindIndex(part => part.Type == "text/plain") > 0
            ? ("content", "If present, text/plain and text/html may only be provided once, and text/plain must be first.")
            : null;
    }

    private static bool IsAddress(string? text) =>
        text is not null && text.IndexOf('@', StringComparison.Ordinal) > 0 && !text.EndsWith('@') && !text.Any(char.IsWhiteSpace);

    private static IEnumerable<JsonElement> Items(JsonElement? of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    private static JsonElement? Child(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var child) ? child : null;

    private static string? TextOf(JsonElement? of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
