using Microsoft.OpenApi;

namespace Notify.Api.Description;

/// <summary>Schemas of preferences that cannot be told from their classes: a category's word may be true, false or an object, and a single
/// window may stand without brackets.</summary>
internal static class ConsentSchemas
{
    private const string Category = "CategoryPreference";
    private const string Window = "WindowPreference";

    public static void Add(OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        schemas[Category] = new OpenApiSchema
        {
            Description = "Yes or no to a category, and to it on single channels.",
            OneOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.Boolean },
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalPropertiesAllowed = false,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["enabled"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
                        ["channels"] = Choices(),
                    },
                },
            ],
        };
        if (DescribedSchemas.Find(document, "PreferenceDocument.categories") is (var preferences, var categories))
            preferences.Properties![categories] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = new OpenApiSchemaReference(Category, document),
                Description = "By the category's id.",
            };
        if (DescribedSchemas.Find(document, "QuietHoursPreference.deliverBetween") is (var quiet, var between))
            quiet.Properties![between] = new OpenApiSchema
            {
                Description = "Windows in which messages may come; a single one may stand without brackets.",
                OneOf =
                [
                    new OpenApiSchemaReference(Window, document),
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        Items = new OpenApiSchemaReference(Window, document),
                        MinItems = 1,
                        MaxItems = 21,
                    },
                ],
            };
        foreach (var path in new[] { "ConsentEntryView.before", "ConsentEntryView.after" })
        {
            if (DescribedSchemas.Find(document, path) is (var entry, var member))
                entry.Properties![member] = new OpenApiSchemaReference("PreferenceDocument", document);
        }
        schemas.Remove("CategoryPreferenceFields");
    }

    private static OpenApiSchema Choices() =>
        new()
        {
            Type = JsonSchemaType.Object,
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        };
}
