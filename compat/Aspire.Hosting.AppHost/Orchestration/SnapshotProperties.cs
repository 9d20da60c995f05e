using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

internal static class SnapshotProperties
{
    public static ImmutableArray<ResourcePropertySnapshot> Set(this ImmutableArray<ResourcePropertySnapshot> properties, string name, object? value, bool isSensitive = false)
    {
        var others = properties.Without(name);
        return value is null ? others : others.Add(new ResourcePropertySnapshot(name, value) { IsSensitive = isSensitive });
    }

    public static ImmutableArray<ResourcePropertySnapshot> Without(this ImmutableArray<ResourcePropertySnapshot> properties, string name) =>
        properties.RemoveAll(property => property.Name == name);
}
