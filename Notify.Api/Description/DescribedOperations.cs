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
        DescribedComponents.Add(document);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            var id = operation.OperationId!;
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
            if (Repeatable.Contains(id))
                operation.Parameters =
                [
                    new OpenApiParameterReference(DescribedComponents.IdempotencyKey, document),
                    .. operation.Parameters ?? [],
                ];
            if (Guarded.Contains(id))
                operation.Parameters =
                [
                    new OpenApiParameterReference(DescribedComponents.IfMatch, document),
                    .. operation.Parameters ?? [],
                ];
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
                [DescribedComponents.ProblemJson] = DescribedComponents.ProblemContent(document, DescribedProblems.All[status].Example),
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
}
