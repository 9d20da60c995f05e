using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>deploy/compose/compose.yaml with its anchors and merges resolved; variables stay as they are written.</summary>
internal sealed partial class ComposeFile
{
    private ComposeFile(Dictionary<string, object> root)
    {
        Services = Map(root["services"]).ToDictionary(service => service.Key, service => Map(service.Value));
        Volumes = [.. Map(root["volumes"]).Keys];
    }

    public IReadOnlyDictionary<string, Dictionary<string, object>> Services { get; }

    public IReadOnlyList<string> Volumes { get; }

    public static ComposeFile Read()
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(DeployFiles.Compose))));
        return new(new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser));
    }

    public Dictionary<string, string> VariablesOf(string service) =>
        Services[service].TryGetValue("environment", out var environment)
            ? Map(environment).ToDictionary(variable => variable.Key, variable => (string?)variable.Value ?? "")
            : [];

    /// <summary>What each service waits for, with the condition.</summary>
    public Dictionary<string, string> NeedsOf(string service) =>
        Map(Services[service]["depends_on"]).ToDictionary(need => need.Key, need => (string)Map(need.Value)["condition"]);

    /// <summary>The name and the default of <c>${NAME:-default}</c> where that is all of a value.</summary>
    public static (string Name, string Default)? VariableOf(string value) =>
        Variable().Match(value) is { Success: true } match ? (match.Groups[1].Value, match.Groups[2].Value) : null;

    /// <summary>Every variable that the file asks for.</summary>
    public static HashSet<string> AllVariables() =>
        [.. AnyVariable().Matches(File.ReadAllText(DeployFiles.Compose)).Select(match => match.Groups[1].Value)];

    public static Dictionary<string, object> Map(object node) =>
        ((IDictionary<object, object>)node).ToDictionary(pair => (string)pair.Key, pair => pair.Value);

    public static List<string> List(object node) => [.. ((IList<object>)node).Cast<string>()];

    [GeneratedRegex(@"^\$\{([A-Z0-9_]+):-([^}]*)\}$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?<!\$)\$\{([A-Z0-9_]+)")]
    private static partial Regex AnyVariable();
}
