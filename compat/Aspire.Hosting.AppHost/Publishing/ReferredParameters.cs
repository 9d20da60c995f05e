using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Adds the parameters that no one added to the model but expressions refer to, such as a server's generated password.</summary>
internal static class ReferredParameters
{
    public static async Task<IReadOnlyList<IResource>> WithAsync(IEnumerable<IResource> model, ManifestWriter writer, CancellationToken cancellationToken)
    {
        var all = model.Where(resource => !resource.Annotations.Contains(ManifestPublishingCallbackAnnotation.Ignore)).ToList();
        foreach (var resource in all.ToArray())
        {
            foreach (var value in await writer.ValuesOfAsync(resource, cancellationToken))
                AddFrom(value, all, []);
        }
        return all;
    }

    private static void AddFrom(object value, List<IResource> all, HashSet<object> seen)
    {
        if (!seen.Add(value))
            return;
        if (value is ParameterResource parameter && !all.Contains(parameter))
            all.Add(parameter);
        foreach (var part in value is IValueWithReferences parts ? parts.References : [])
            AddFrom(part, all, seen);
    }
}
