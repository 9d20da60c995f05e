using System.Text.Encodings.Web;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the model as an Aspire manifest; starts nothing.</summary>
internal sealed class ManifestPublisher(
    DistributedApplicationModel model, DistributedApplicationExecutionContext execution, IConfiguration configuration, ILogger<ManifestPublisher> log)
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(configuration["Pipeline:OutputPath"]
            ?? throw new DistributedApplicationException("Publishing needs --output-path <file.json or folder>."));
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            path = Path.Combine(path, "aspire-manifest.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        await using (var stream = File.Create(path))
        await using (var writer = new Utf8JsonWriter(stream, s_indented))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json.schemastore.org/aspire-8.0.json");
            writer.WriteStartObject("resources");
            var resources = new ManifestWriter(writer, Path.GetDirectoryName(path)!, execution);
            foreach (var resource in await ReferredParameters.WithAsync(model.Resources, resources, cancellationToken))
                await resources.WriteAsync(resource, cancellationToken);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        log.LogInformation("Published manifest to: {Path}", path);
    }
}
