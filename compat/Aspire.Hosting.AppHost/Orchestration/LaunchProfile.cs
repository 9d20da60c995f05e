using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>One profile of a project's <c>Properties/launchSettings.json</c>: preferred ports and variables.</summary>
internal sealed record LaunchProfile(string Name, string? ApplicationUrl, IReadOnlyDictionary<string, string> Variables) : IResourceAnnotation
{
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The named profile, or else the first that starts a project.</summary>
    public static LaunchProfile? Find(string projectPath, string? name)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath) ?? "", "Properties", "launchSettings.json");
        if (!File.Exists(file))
            return null;
        try
        {
            using var settings = JsonDocument.Parse(File.ReadAllText(file), s_lenient);
            return settings.RootElement.GetProperty("profiles").EnumerateObject()
                .Where(profile => name is null ? Text(profile.Value, "commandName") == "Project" : profile.Name == name)
                .Select(profile => new LaunchProfile(profile.Name, Text(profile.Value, "applicationUrl"), VariablesOf(profile.Value)))
                .FirstOrDefault();
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DistributedApplicationException($"The launch settings {file} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    public IEnumerable<EndpointAnnotation> Endpoints()
    {
        var urls = (ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>();
        // Without a development certificate at hand, an https address of the profile is not offered.
        return urls.Where(url => url.Scheme == "http").DistinctBy(url => url.Scheme)
            .Select(url => new EndpointAnnotation(ProtocolType.Tcp, url.Scheme, port: url.Port) { FromLaunchProfile = true });
    }

    public void AddVariables(EnvironmentCallbackContext context)
    {
        if (!context.ExecutionContext.IsRunMode)
            return;
        context.EnvironmentVariables["DOTNET_LAUNCH_PROFILE"] = Name;
        foreach (var (name, value) in Variables)
            context.EnvironmentVariables.TryAdd(name, value);
    }

    private static string? Text(JsonElement profile, string name) => profile.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Dictionary<string, string> VariablesOf(JsonElement profile) =>
        profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString() ?? "")
            : [];
}
