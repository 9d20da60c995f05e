using System.Text.Json;
using Notify.Core.Notifications;

namespace Notify.Api.Recipients;

/// <summary>A line of <c>POST /v1/recipients/bulk</c>: a whole recipient with its id.</summary>
internal sealed class BulkRecipient
{
    public string? Id { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    public string? Locale { get; init; }

    public string? TimeZone { get; init; }

    public JsonElement? Attributes { get; init; }

    public RecipientRequest ToRequest() =>
        new()
        {
            Email = Email,
            Phone = Phone,
            Locale = Locale,
            TimeZone = TimeZone,
            Attributes = Attributes,
        };
}

/// <summary>What became of a line: 201 where the recipient is new, 200 where it was replaced, or what is wrong.</summary>
internal sealed record BulkResult(int Line, int Status, string? Id = null, IReadOnlyList<FieldError>? Errors = null);
