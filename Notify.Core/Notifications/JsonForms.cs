using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Core.Notifications;

/// <summary>How strictly JSON is read. Each serializer takes options of its own, so these are made anew each time.</summary>
public static class JsonForms
{
    /// <summary>For HTTP: case-sensitive, unknown fields refused.</summary>
    public static JsonSerializerOptions Strict() =>
        new(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            MaxDepth = 32,
        };

    /// <summary>For what is kept or comes by Kafka: unknown fields, which a newer version wrote, are passed over.</summary>
    public static JsonSerializerOptions Lenient() =>
        new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            MaxDepth = 32,
        };
}
