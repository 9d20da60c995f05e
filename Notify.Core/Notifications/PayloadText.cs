using System.Text.Json;

namespace Notify.Core.Notifications;

/// <summary>A payload's values as they travel: providers hand apps strings only.</summary>
public static class PayloadText
{
    /// <summary>A string's own text; of any other value its JSON, as it was written.</summary>
    /// <exception cref="InvalidOperationException">The string has half of a surrogate pair.</exception>
    public static string Of(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
