using Microsoft.OpenApi;
using Notify.Core.Notifications;

namespace Notify.Api.Description;

/// <summary>A recipient is a string or an object, and read by a converter that the framework cannot look into.</summary>
internal static class RecipientSchema
{
    private const string Name = "RecipientTarget";

    public static void Add(OpenApiDocument document)
    {
        var push = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Required = new HashSet<string> { "platform", "token" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["platform"] = new OpenApiSchemaReference("Platform", document),
                ["token"] = Text(NotificationLimits.TokenLength),
                ["app"] = Text(256),
                ["environment"] = new OpenApiSchemaReference("PushEnvironment", document),
            },
        };
        document.AddComponent<IOpenApiSchema>("PushTarget", push);
        // No type, but none of the others: of a union with a string, generators make strings alone.
        document.AddComponent<IOpenApiSchema>(
            Name,
            new OpenApiSchema
            {
                Not = new OpenApiSchema
                {
                    Type = JsonSchemaType.Number | JsonSchemaType.Boolean | JsonSchemaType.Array | JsonSchemaType.Null,
                },
                Description =
                    "A registered recipient, by its id alone or as an object with id; or addresses of somebody who is not registered: at least one of email, phone and push.",
                MinLength = 1,
                MaxLength = NotificationLimits.RecipientIdLength,
                AdditionalPropertiesAllowed = false,
                MinProperties = 1,
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["id"] = Text(NotificationLimits.RecipientIdLength),
                    ["email"] = Text(254),
                    ["phone"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^\+[1-9][0-9]{1,14}$" },
                    ["push"] = new OpenApiSchemaReference("PushTarget", document),
                },
            }
        );
        var (request, recipients) = DescribedSchemas.Find(document, "NotificationRequest.recipients")!.Value;
        request.Properties![recipients] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            MinItems = 1,
            MaxItems = NotificationLimits.Recipients,
            Items = new OpenApiSchemaReference(Name, document),
        };
        request.Properties["payload"] = DescribedSchemas.AnyObject();
    }

    private static OpenApiSchema Text(int most) =>
        new()
        {
            Type = JsonSchemaType.String,
            MinLength = 1,
            MaxLength = most,
        };
}
