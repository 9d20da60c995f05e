using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Api;

/// <summary>Times in answers are UTC and end in Z; an offset of +00:00 is the same moment, but a plus sign in a copied query becomes a
/// space.</summary>
internal sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
