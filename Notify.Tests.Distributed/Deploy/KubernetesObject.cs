using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>One object of a rendered chart: read as Kubernetes' own type where it is one, and as plain YAML beside that.</summary>
internal sealed record KubernetesObject(string Kind, string Component, object? Typed, YamlMappingNode Yaml)
{
    private static readonly Dictionary<string, Func<string, object>> s_kinds = new(StringComparer.Ordinal)
    {
        ["apps/v1 Deployment"] = Read<V1Deployment>,
        ["batch/v1 Job"] = Read<V1Job>,
        ["v1 Service"] = Read<V1Service>,
        ["v1 Secret"] = Read<V1Secret>,
        ["networking.k8s.io/v1 Ingress"] = Read<V1Ingress>,
        ["policy/v1 PodDisruptionBudget"] = Read<V1PodDisruptionBudget>,
        ["keda.sh/v1alpha1 ScaledObject"] = _ => new object(),
        ["keda.sh/v1alpha1 TriggerAuthentication"] = _ => new object(),
    };

    /// <summary>Reads every object; a field that Kubernetes does not know, and a kind that is not expected here, fail.</summary>
    public static IReadOnlyList<KubernetesObject> All(string yaml)
    {
        var objects = new List<KubernetesObject>();
        foreach (var document in yaml.Split("\n---\n"))
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(document));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root)
                continue;
            var kind = root.Text("kind")!;
            var component = root.Find("metadata", "labels")?.Text("app.kubernetes.io/component") ?? "";
            objects.Add(new(kind, component, s_kinds[$"{root.Text("apiVersion")} {kind}"](document), root));
        }
        return objects;
    }

    private static object Read<T>(string document) => KubernetesYaml.Deserialize<T>(document, strict: true)!;
}

internal static class YamlNodes
{
    public static YamlMappingNode? Find(this YamlMappingNode node, params string[] path)
    {
        var found = node;
        foreach (var key in path)
            found = found?.Child(key) as YamlMappingNode;
        return found;
    }

    public static string? Text(this YamlMappingNode node, string key) => (node.Child(key) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlMappingNode> Items(this YamlMappingNode node, string key) =>
        ((YamlSequenceNode)node.Children[key]).Children.Cast<YamlMappingNode>();

    private static YamlNode? Child(this YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var child) ? child : null;
}
