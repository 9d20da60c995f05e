using System.Text.Json;
using System.Text.RegularExpressions;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>What the AppHost publishes, as far as a chart or a compose file has to follow it.</summary>
internal sealed partial class AppHostManifest
{
    private static readonly Lazy<Task<AppHostManifest>> s_current = new(PublishAsync);

    private AppHostManifest(JsonElement resources)
    {
        Services = [.. Of(resources, "project.v0").Select(ManifestService.Of)];
        Servers = [.. Of(resources, "container.v0").Select(ManifestServer.Of)];
        Parameters = Of(resources, "parameter.v0").Select(ManifestParameter.Of).ToDictionary(parameter => parameter.Name);
    }

    public IReadOnlyList<ManifestService> Services { get; }

    public IReadOnlyList<ManifestServer> Servers { get; }

    public IReadOnlyDictionary<string, ManifestParameter> Parameters { get; }

    /// <summary>Published once, by the program that <c>dotnet run --project Notify.AppHost</c> starts.</summary>
    public static Task<AppHostManifest> GetAsync() => s_current.Value;

    /// <summary>The parameter that alone fills a variable, or null.</summary>
    public ManifestParameter? ParameterOf(string value) =>
        ParameterReference().Match(value) is { Success: true } match ? Parameters.GetValueOrDefault(match.Groups[1].Value) : null;

    private static IEnumerable<JsonProperty> Of(JsonElement resources, string type) =>
        resources.EnumerateObject().Where(resource => resource.Value.GetProperty("type").GetString() == type);

    private static async Task<AppHostManifest> PublishAsync()
    {
        var folder = Directory.CreateTempSubdirectory("notify-manifest-");
        try
        {
            var file = Path.Combine(folder.FullName, "manifest.json");
            string[] arguments =
            [
                Repository.Built("Notify.AppHost", "Notify.AppHost.dll"),
                "--publisher",
                "manifest",
                "--output-path",
                file,
            ];
            await ProgramRun.OutputOfAsync("dotnet", arguments, folder.FullName);
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            return new(json.RootElement.GetProperty("resources").Clone());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^\{([a-z0-9-]+)\.value\}$")]
    private static partial Regex ParameterReference();
}

/// <param name="Variables">Those that the service reads, with their values as the manifest writes them.</param>
internal sealed record ManifestService(
    string Name,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Variables,
    bool Listens,
    bool IsExternal
)
{
    private const string ConnectionStrings = "ConnectionStrings__";

    public static ManifestService Of(JsonProperty resource)
    {
        var variables = resource.Value.GetProperty("env").EnumerateObject();
        var all = variables.ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);
        // Aspire gives the parts of each connection string too (KAFKA_HOST, NOTIFYDB_PASSWORD, …), for programs that read no connection
        // strings. Ours do.
        var parts = all.Keys.Where(IsConnectionString).Select(name => $"{name[ConnectionStrings.Length..].ToUpperInvariant()}_").ToList();
        List<JsonElement> bindings = resource.Value.TryGetProperty("bindings", out var found)
            ? [.. found.EnumerateObject().Select(binding => binding.Value)]
            : [];
        return new(
            resource.Name,
            resource.Value.TryGetProperty("args", out var arguments)
                ? [.. arguments.EnumerateArray().Select(argument => argument.GetString()!)]
                : [],
            all.Where(variable => !parts.Exists(part => variable.Key.StartsWith(part, StringComparison.Ordinal))).ToDictionary(),
            bindings.Count > 0,
            bindings.Exists(binding => binding.TryGetProperty("external", out var external) && external.GetBoolean())
        );
    }

    public static bool IsConnectionString(string variable) => variable.StartsWith(ConnectionStrings, StringComparison.Ordinal);
}

/// <param name="Default">What the manifest proposes; null where a deployment has to be asked.</param>
internal sealed record ManifestParameter(string Name, bool IsSecret, string? Default)
{
    public static ManifestParameter Of(JsonProperty resource)
    {
        var input = resource.Value.GetProperty("inputs").GetProperty("value");
        return new(
            resource.Name,
            input.TryGetProperty("secret", out var secret) && secret.GetBoolean(),
            input.TryGetProperty("default", out var proposed) && proposed.TryGetProperty("value", out var value) ? value.GetString() : null
        );
    }
}

internal sealed record ManifestServer(string Name, string Image, bool KeepsData)
{
    public static ManifestServer Of(JsonProperty resource) =>
        new(
            resource.Name,
            resource.Value.GetProperty("image").GetString()!,
            resource.Value.TryGetProperty("volumes", out var volumes) && volumes.GetArrayLength() > 0
        );
}
