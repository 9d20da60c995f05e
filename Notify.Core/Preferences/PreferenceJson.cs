using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Notify.Core.Notifications;

namespace Notify.Core.Preferences;

/// <summary>Reading and writing preferences and categories.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict
)]
[JsonSerializable(typeof(PreferenceDocument))]
[JsonSerializable(typeof(CategoryPreferenceFields))]
[JsonSerializable(typeof(WindowPreference))]
[JsonSerializable(typeof(CategoryRequest))]
public sealed partial class PreferenceJson : JsonSerializerContext
{
    /// <summary>For HTTP: case-sensitive, unknown fields refused.</summary>
    public static PreferenceJson Strict { get; } = new(JsonForms.Strict());

    /// <summary>For what is kept: unknown fields, which a newer version wrote, are passed over.</summary>
    public static PreferenceJson Kept { get; } = new(JsonForms.Lenient());

    /// <summary>The generated description of a type under these options, for a converter that reads a part of its value.</summary>
    internal static JsonTypeInfo<T> TypeOf<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
