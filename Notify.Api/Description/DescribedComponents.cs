using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Notify.Core.Notifications;

namespace Notify.Api.Description;

/// <summary>Headers, parameters and problems that several requests have in common.</summary>
internal static class DescribedComponents
{
    public const string ProblemJson = "application/problem+json";
    public const string IdempotencyKey = "IdempotencyKey";
    public const string IfMatch = "IfMatch";

    public static void Add(OpenApiDocument document)
    {
        AddHeader(
            document,
            "Location",
            "Where to ask for it.",
            new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" }
        );
        AddHeader(
            document,
            "ETag",
            "The version that holds: If-Match of the next change takes it.",
            new OpenApiSchema { Type = JsonSchemaType.String }
        );
        AddHeader(
            document,
            "Idempotency-Replayed",
            "Present where an earlier request with this Idempotency-Key is answered again.",
            new OpenApiSchema { Type = JsonSchemaType.Boolean }
        );
        AddHeader(
            document,
            "Retry-After",
            "Seconds after which to send the same request again.",
            new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = "1",
            }
        );
        AddHeader(
            document,
            "RateLimit",
            "What the tenant may send now: LANE;r=LEFT;t=SECONDS.",
            new OpenApiSchema { Type = JsonSchemaType.String }
        );
        AddHeader(
            document,
            "RateLimit-Policy",
            "What a tenant may send: LANE;q=MOST;w=SECONDS.",
            new OpenApiSchema { Type = JsonSchemaType.String }
        );
        AddHeader(document, "WWW-Authenticate", "Bearer.", new OpenApiSchema { Type = JsonSchemaType.String });
        document.AddComponent<IOpenApiParameter>(
            IdempotencyKey,
            new OpenApiParameter
            {
                Name = Notifications.IdempotencyKey.Header,
                In = ParameterLocation.Header,
                Description =
                    "Names what is asked for: within 24 hours a repeat with the same key and body gets the same answer, and nothing is sent again. Visible ASCII characters.",
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    MinLength = 1,
                    MaxLength = NotificationLimits.IdempotencyKeyLength,
                    Pattern = "^[!-~]+$",
                },
                Example = "order-4711-shipped",
            }
        );
        document.AddComponent<IOpenApiParameter>(
            IfMatch,
            new OpenApiParameter
            {
                Name = "If-Match",
                In = ParameterLocation.Header,
                Description =
                    "The ETag of the last read: the change is refused where somebody else was first. Left out, the last change wins.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = "\"17\"",
            }
        );
        foreach (var problem in DescribedProblems.All.Values)
        {
            document.AddComponent<IOpenApiResponse>(
                problem.Name,
                new OpenApiResponse
                {
                    Description = problem.Description,
                    Headers =
                        problem.Headers.Length == 0
                            ? null
                            : problem.Headers.ToDictionary(
                                name => name,
                                name => (IOpenApiHeader)new OpenApiHeaderReference(name, document)
                            ),
                    Content = new Dictionary<string, OpenApiMediaType> { [ProblemJson] = ProblemContent(document, problem.Example) },
                }
            );
        }
    }

    public static OpenApiMediaType ProblemContent(OpenApiDocument document, string example) =>
        new() { Schema = new OpenApiSchemaReference(ProblemSchema.Name, document), Example = JsonNode.Parse(example) };

    private static void AddHeader(OpenApiDocument document, string name, string description, OpenApiSchema schema) =>
        document.AddComponent<IOpenApiHeader>(name, new OpenApiHeader { Description = description, Schema = schema });
}
