using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Core.Notifications;

/// <summary>
/// Reading requests. At the door an unknown field is refused, so that a misspelt one is not silently ignored;
/// on the topic it is kept and passed over, so that producers may be newer than the Router.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict
)]
[JsonSerializable(typeof(NotificationRequest))]
[JsonSerializable(typeof(RecipientTargetFields))]
public sealed partial class NotificationJson : JsonSerializerContext
{
    /// <summary>For HTTP: case-sensitive, unknown fields refused.</summary>
    public static NotificationJson Strict { get; } = new(JsonForms.Strict());

    /// <summary>For records: unknown fields passed over.</summary>
    public static NotificationJson Lenient { get; } = new(JsonForms.Lenient());
}
