using System.Text.Json.Nodes;

namespace Notify.Api.Description;

/// <summary>An example of each request and answer, from <c>examples.json</c>: by operation, then <c>request</c> or the status with its
/// <c>description</c> and <c>body</c>.</summary>
internal static class DescribedExamples
{
    private static readonly Lazy<JsonObject> Examples = new(() =>
    {
        using var file = typeof(DescribedExamples).Assembly.GetManifestResourceStream("Notify.Api.Description.examples.json")!;
        return JsonNode.Parse(file)!.AsObject();
    });

    public static JsonNode? Request(string operation) => Of(operation)["request"]?.DeepClone();

    public static string Answer(string operation, string status) => (string)Of(operation)[status]!["description"]!;

    public static JsonNode? Response(string operation, string status) => Of(operation)[status]!["body"]?.DeepClone();

    private static JsonNode Of(string operation) =>
        Examples.Value[operation] ?? throw new InvalidOperationException($"examples.json has none of {operation}.");
}
