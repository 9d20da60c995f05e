using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Core.Notifications;

/// <summary>Reads <c>"user-1"</c> as <c>{"id": "user-1"}</c>; the object form goes through the generated metadata of
/// <see cref="RecipientTargetFields"/>.</summary>
public sealed class RecipientTargetConverter : JsonConverter<RecipientTarget>
{
    public override RecipientTarget Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new RecipientTarget { Id = reader.GetString() };
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A recipient is an id (a string) or an object with an id or addresses.");
        try
        {
            var fields = JsonSerializer.Deserialize(
                ref reader,
                (System.Text.Json.Serialization.Metadata.JsonTypeInfo<RecipientTargetFields>)
                    options.GetTypeInfo(typeof(RecipientTargetFields))
            )!;
            return new RecipientTarget
            {
                Id = fields.Id,
                Email = fields.Email,
                Phone = fields.Phone,
                Push = fields.Push,
            };
        }
        catch (JsonException fault)
        {
            // Its path begins at this object; the serializer gives the new one the path down to here, and the two together name the field.
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, RecipientTarget value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(
            writer,
            new RecipientTargetFields
            {
                Id = value.Id,
                Email = value.Email,
                Phone = value.Phone,
                Push = value.Push,
            },
            (System.Text.Json.Serialization.Metadata.JsonTypeInfo<RecipientTargetFields>)options.GetTypeInfo(typeof(RecipientTargetFields))
        );
}

/// <summary>The object form of a recipient.</summary>
public sealed class RecipientTargetFields
{
    public string? Id { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    public PushTarget? Push { get; init; }
}
