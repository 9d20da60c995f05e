using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Notify.Api.Description;

/// <summary>What every error looks like.</summary>
internal static class ProblemSchema
{
    public const string Name = "Problem";

    public static void Add(OpenApiDocument document)
    {
        var errors = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference("FieldError", document) };
        document.AddComponent<IOpenApiSchema>(
            Name,
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "What went wrong (RFC 9457). Decide by type and by the errors' rule; the texts are for people.",
                Required = new HashSet<string> { "type", "title", "status", "traceId" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["type"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Format = "uri",
                        Description = "Stable: urn:notify:problem:NAME, or about:blank.",
                    },
                    ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                    ["detail"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Description = "What to do, with the field first where one is at fault.",
                        Extensions = new Dictionary<string, IOpenApiExtension>
                        {
                            ["x-ms-primary-error-message"] = new JsonNodeExtension(true),
                        },
                    },
                    ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Finds the request in traces and logs." },
                    ["errors"] = errors,
                    ["cancelled"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Integer,
                        Format = "int32",
                        Description = "Of nothing-to-cancel alone: always 0.",
                    },
                    ["alreadySent"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Integer,
                        Format = "int32",
                        Description = "Of nothing-to-cancel alone: deliveries that a provider has, may have, or is being asked to take.",
                    },
                },
            }
        );
    }
}
