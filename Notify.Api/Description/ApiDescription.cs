using System.Reflection;
using Microsoft.OpenApi;

namespace Notify.Api.Description;

/// <summary>
/// The API's description at <c>/openapi/v1.json</c>: what the framework finds out by itself, completed by what it cannot know. Clients are
/// generated from it, and a test does so (Notify.Tests/Contract).
/// </summary>
internal static class ApiDescription
{
    public const string Document = "v1";

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Notifications", "Sending to people, seeing what became of it, and cancelling."),
        ("Recipients", "The people who are sent to, their addresses and their devices."),
        ("Dead letters", "Deliveries that gave up and records that cannot be read, and replaying them."),
        ("Audit", "Who did what to dead letters and replays."),
        ("Providers", "How the workers find the providers."),
    ];

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddOperationTransformer((operation, context, _) => DescribedOperations.SayScope(operation, context));
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    Introduce(document);
                    DescribedSchemas.Complete(document);
                    DescribedOperations.Complete(document);
                    return Task.CompletedTask;
                }
            );
        });

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Notify",
            Version = VersionOf(typeof(ApiDescription).Assembly),
            Summary = "Notifications to people by push, email and text message.",
            Description =
                "Accepts notifications, sends each once through providers that may fail, and shows what became of it. Every error is a problem (RFC 9457): decide by `type` and `rule`, which are stable. New fields in answers, and new values of the names that are listed here, may be added; clients should pass over what they do not know.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "Where this description was found." }];
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
        document.AddComponent<IOpenApiSecurityScheme>(
            DescribedOperations.Key,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description =
                    "An API key: `Authorization: Bearer KEY`. It belongs to one tenant and has scopes: send, read, manage, operate.",
            }
        );
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
