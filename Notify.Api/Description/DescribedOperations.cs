using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Notify.Api.Keys;
using Notify.Core.Notifications;

namespace Notify.Api.Description;

/// <summary>What requests take and answer with beside their bodies: keys, headers, parameters, problems, and an example of each.</summary>
internal static class DescribedOperations
{
    public const string Key = "apiKey";
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";
    private const string IdempotencyKey = "IdempotencyKey";
    private const string IfMatch = "IfMatch";

    /// <summary>Requests that may be sent again under an Idempotency-Key.</summary>
    private static readonly HashSet<string> Repeatable = ["AcceptNotification", "AcceptBatch"];

    /// <summary>Changes that take If-Match.</summary>
    private static readonly HashSet<string> Guarded = ["PutPreferencesOfRecipient", "PatchPreferencesOfRecipient"];

    public static Task SayScope(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        foreach (var needed in context.Description.ActionDescriptor.EndpointMetadata.OfType<RequiredScope>())
            operation.Description = string.Join(
                ' ',
                new[] { operation.Description, $"Needs a key with the scope `{needed.Scope}`." }.Where(text => text is not null)
            );
        return Task.CompletedTask;
    }

    public static void Complete(OpenApiDocument document)
    {
        AddComponents(document);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            var id = operation.OperationId!;
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
            if (Repeatable.Contains(id))
                operation.Parameters = [new OpenApiParameterReference(IdempotencyKey, document), .. operation.Parameters ?? []];
            if (Guarded.Contains(id))
                operation.Parameters = [new OpenApiParameterReference(IfMatch, document), .. operation.Parameters ?? []];
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
                DescribedParameters.Complete(document, id, parameter);
            if (operation.RequestBody?.Content?.TryGetValue(Json, out var body) == true)
                body.Example = DescribedExamples.Request(id);
            foreach (var (status, response) in operation.Responses!.ToList())
            {
                if (status.StartsWith('2'))
                    CompleteAnswer(document, id, status, (OpenApiResponse)response);
                else
                    operation.Responses![status] = ProblemOf(document, id, status, response);
            }
            operation.Responses!["default"] = new OpenApiResponseReference("Other", document);
        }
    }

    private static void CompleteAnswer(OpenApiDocument document, string operation, string status, OpenApiResponse answer)
    {
        answer.Description = DescribedExamples.Answer(operation, status);
        if (answer.Content?.TryGetValue(Json, out var content) == true)
            content.Example = DescribedExamples.Response(operation, status);
        string[] headers = (operation, status) switch
        {
            ("AcceptNotification", _) => ["Location", "Idempotency-Replayed"],
            ("AcceptBatch", _) => ["Idempotency-Replayed", "Retry-After"],
            ("GetPreferencesOfRecipient" or "PutPreferencesOfRecipient" or "PatchPreferencesOfRecipient", _) => ["ETag"],
            ("AddSuppression", _) => [],
            (_, "201") or ("CancelNotification", "202") or ("ReplayDeadLetters", _) => ["Location"],
            _ => [],
        };
        if (headers.Length > 0)
            answer.Headers = headers.ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document));
    }

    /// <summary>Problems that mean the same everywhere are described once; a batch of which nothing was accepted answers with its
    /// results.</summary>
    private static IOpenApiResponse ProblemOf(OpenApiDocument document, string operation, string status, IOpenApiResponse generated)
    {
        if (operation == "AcceptBatch" && status is "400" or "413" or "422" or "503" && generated is OpenApiResponse own)
        {
            own.Description =
                $"{DescribedProblems.All[status].Description} Where all items have this status in common, the answer is the batch's results.";
            own.Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemJson] = ProblemContent(document, DescribedProblems.All[status].Example),
                [Json] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("BatchView", document) },
            };
            if (status == "503")
                own.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeaderReference("Retry-After", document),
                };
            return own;
        }
        var name = operation == "CancelNotification" && status == "409" ? "409-cancel" : status;
        return new OpenApiResponseReference(DescribedProblems.All[name].Name, document);
    }

    private static void AddComponents(OpenApiDocument document)
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

    private static OpenApiMediaType ProblemContent(OpenApiDocument document, string example) =>
        new() { Schema = new OpenApiSchemaReference(ProblemSchema.Name, document), Example = JsonNode.Parse(example) };

    private static void AddHeader(OpenApiDocument document, string name, string description, OpenApiSchema schema) =>
        document.AddComponent<IOpenApiHeader>(name, new OpenApiHeader { Description = description, Schema = schema });
}
