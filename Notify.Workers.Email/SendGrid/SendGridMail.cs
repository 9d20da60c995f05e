using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Core.Channels;

namespace Notify.Workers.Email.SendGrid;

/// <summary>The body of a send request, as far as we use it.</summary>
internal sealed record SendGridMail(
    SendGridPersonalization[] Personalizations,
    SendGridAddress From,
    string Subject,
    SendGridContent[] Content,
    Dictionary<string, string> Headers,
    Dictionary<string, string> CustomArgs,
    SendGridSettings? MailSettings
);

/// <summary>One recipient: outcomes stay separate.</summary>
internal sealed record SendGridPersonalization(SendGridAddress[] To);

internal sealed record SendGridAddress(string Email, string? Name = null);

/// <param name="Type">The media type; SendGrid wants <c>text/plain</c> before <c>text/html</c>.</param>
/// <param name="Value">The text, not empty.</param>
internal sealed record SendGridContent(string Type, string Value);

internal sealed record SendGridSettings(SendGridSwitch SandboxMode);

internal sealed record SendGridSwitch(bool Enable);

[JsonSerializable(typeof(SendGridMail))]
internal sealed partial class SendGridJson : JsonSerializerContext
{
    /// <summary>Escapes only what JSON requires: HTML would grow by half otherwise.</summary>
    public static SendGridJson Compact { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = RequiredEscapes.Encoder,
            }
        );
}
