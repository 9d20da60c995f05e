using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Notify.Core.Notifications;

namespace Notify.Api.Description;

/// <summary>What bodies look like: which fields are always there, which values they have, and how large they may be.</summary>
internal static class DescribedSchemas
{
    /// <summary>Requests refuse fields that do not exist. The fields they need cannot be told from their classes, which also hold what is
    /// wrong.</summary>
    private static readonly Dictionary<string, string[]> Requests = new()
    {
        ["NotificationRequest"] = ["recipients", "message"],
        ["BatchRequest"] = ["notifications"],
        ["MessageContent"] = [],
        ["PushContent"] = [],
        ["EmailContent"] = [],
        ["SmsContent"] = [],
        ["RecipientRequest"] = [],
        ["DeviceRequest"] = ["platform", "token"],
        ["BulkRecipient"] = ["id"],
        ["ReplayRequest"] = [],
        ["CategoryRequest"] = ["title"],
        ["SettingsDocument"] = ["timeZone"],
        ["PreferenceDocument"] = [],
        ["QuietHoursPreference"] = [],
        ["WindowPreference"] = ["from", "to"],
        ["SuppressionRequest"] = ["channel", "address"],
        ["SimulationRequest"] = ["notification"],
        ["DeadLetterFilter"] = [],
    };

    public static void Complete(OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        foreach (var schema in schemas.Values.OfType<OpenApiSchema>())
            Simplify(schema);
        foreach (var (name, required) in Requests)
            Close((OpenApiSchema)schemas[name], required);
        AddNames(document);
        RecipientSchema.Add(document);
        ProblemSchema.Add(document);
        ConsentSchemas.Add(document);
        foreach (var (name, text) in SchemaTexts.OfProperties)
            Describe(document, name, text);
        Bound(document);
        schemas.Remove("JsonElement");
        schemas.Remove("ProblemDetails");
    }

    /// <summary>Answers leave out what has no value, so a field that may be null in code is one that may be missing.</summary>
    private static void Simplify(OpenApiSchema schema)
    {
        foreach (var (name, property) in schema.Properties?.ToList() ?? [])
        {
            if (MayBeNull(property))
                schema.Required?.Remove(name);
            schema.Properties![name] = WithoutNull(property);
        }
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(one => one.Type == JsonSchemaType.Null) == true;

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema)
    {
        if (schema.OneOf?.FirstOrDefault(one => one.Type != JsonSchemaType.Null) is { } value)
            return WithoutNull(value);
        if (schema is OpenApiSchemaReference { Reference.Id: "JsonElement" })
            return AnyObject();
        if (schema is OpenApiSchema { Type: { } type } own)
            own.Type = type & ~JsonSchemaType.Null;
        return schema;
    }

    internal static OpenApiSchema AnyObject() => new() { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() };

    private static void Close(OpenApiSchema schema, string[] required)
    {
        schema.AdditionalPropertiesAllowed = false;
        schema.Required = required.Length == 0 ? null : required.ToHashSet();
    }

    private static void AddNames(OpenApiDocument document)
    {
        foreach (var (name, values) in WireNames.All)
            document.AddComponent<IOpenApiSchema>(
                name,
                new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)value)] }
            );
        foreach (var (path, name) in WireNames.OfProperties)
        {
            if (Find(document, path) is not (var schema, var property))
                continue;
            if (schema.Properties![property] is OpenApiSchema { Type: JsonSchemaType.Array } list)
                list.Items = new OpenApiSchemaReference(name, document);
            else
                schema.Properties[property] = new OpenApiSchemaReference(name, document);
        }
    }

    private static void Bound(OpenApiDocument document)
    {
        Range(document, "NotificationRequest.ttl", 1, NotificationLimits.MaxTimeToLiveSeconds);
        Range(document, "ReplayRequest.ratePerSecond", 1, DeadLetters.DeadLetterRules.MaxRate);
        Items(document, "BatchRequest.notifications", NotificationLimits.BatchItems);
        Items(document, "ReplayRequest.ids", DeadLetters.DeadLetterRules.MaxIds);
    }

    private static void Range(OpenApiDocument document, string path, int least, int most)
    {
        if (Own(document, path) is { } number)
            (number.Minimum, number.Maximum) = (least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
    }

    private static void Items(OpenApiDocument document, string path, int most)
    {
        if (Own(document, path) is { } list)
            (list.MinItems, list.MaxItems) = (1, most);
    }

    private static void Describe(OpenApiDocument document, string path, string text)
    {
        if (Find(document, path) is (var schema, var property))
            schema.Properties![property].Description = text;
    }

    private static OpenApiSchema? Own(OpenApiDocument document, string path) =>
        Find(document, path) is (var schema, var property) ? schema.Properties![property] as OpenApiSchema : null;

    internal static (OpenApiSchema Schema, string Property)? Find(OpenApiDocument document, string path) =>
        path.Split('.') is [var name, var property]
        && document.Components!.Schemas!.TryGetValue(name, out var found)
        && found is OpenApiSchema schema
        && schema.Properties?.ContainsKey(property) == true
            ? (schema, property)
            : null;
}
