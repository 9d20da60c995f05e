using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Groups of resources to stop one after another: who needs a resource stops before it does.</summary>
internal static class StopOrder
{
    public static IReadOnlyList<IReadOnlySet<IResource>> Of(IReadOnlyCollection<IResource> resources)
    {
        var depths = new Dictionary<IResource, int>();
        foreach (var resource in resources)
            Depth(resource, resources, depths, []);
        return [.. depths.GroupBy(depth => depth.Value).OrderByDescending(group => group.Key).Select(group => group.Select(depth => depth.Key).ToHashSet())];
    }

    private static int Depth(IResource resource, IReadOnlyCollection<IResource> resources, Dictionary<IResource, int> depths, HashSet<IResource> path)
    {
        if (depths.TryGetValue(resource, out var known))
            return known;
        // Two resources may refer to each other's addresses: the one that was met first goes first.
        if (!path.Add(resource))
            return 0;
        var below = NeedsOf(resource).Where(resources.Contains).Select(needed => Depth(needed, resources, depths, path) + 1).DefaultIfEmpty(0).Max();
        path.Remove(resource);
        return depths[resource] = below;
    }

    private static IEnumerable<IResource> NeedsOf(IResource resource) => resource.Annotations.OfType<ResourceRelationshipAnnotation>()
        .Select(relation => relation.Resource)
        .SelectMany(needed => needed is IResourceWithParent child ? new[] { needed, child.Parent } : [needed])
        .Where(needed => needed != resource)
        .Distinct();
}
