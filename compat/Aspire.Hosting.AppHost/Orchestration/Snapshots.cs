using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>What a resource shows of itself besides its state.</summary>
internal sealed class Snapshots(TimeProvider time)
{
    public CustomResourceSnapshot Initial(IResource resource, string state, string? parentId, CustomResourceSnapshot before) => before with
    {
        ResourceType = TypeOf(resource),
        CreationTimeStamp = time.GetUtcNow().UtcDateTime,
        State = state,
        Relationships = [.. RelationshipsOf(resource)],
        Properties = before.Properties.Set("resource.parentName", parentId)
            .Set("project.path", resource.Annotations.OfType<IProjectMetadata>().FirstOrDefault()?.ProjectPath)
            .Set("container.image", ImageOf(resource)),
    };

    public static Task DescribeAsync(ResourceInstance instance, ProcessCommand command, IReadOnlyList<string> arguments)
    {
        var (program, all, own) = Shown(command, arguments);
        return instance.PublishAsync(snapshot => snapshot with
        {
            EnvironmentVariables = [.. command.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal).Select(variable => new EnvironmentVariableSnapshot(variable.Key, variable.Value, true))],
            Properties = snapshot.Properties.Set("executable.path", program).Set("executable.workDir", command.WorkingDirectory)
                .Set("executable.args", all.ToImmutableArray(), isSensitive: true).Set("resource.appArgs", own.ToImmutableArray(), isSensitive: true),
        });
    }

    /// <summary>A server without a process of its own.</summary>
    public static Task DescribeInProcessAsync(ResourceInstance instance) => instance.PublishAsync(snapshot => snapshot with
    {
        Properties = snapshot.Properties.Set("container.image", NameOf(instance.Resource) is { } image ? $"inside the host, in place of {image}" : null),
    });

    /// <summary>setpriv only changes the user and then becomes the program that follows its options: that one is what runs.</summary>
    private static (string Program, IReadOnlyList<string> All, IReadOnlyList<string> Own) Shown(ProcessCommand command, IReadOnlyList<string> arguments)
    {
        var options = command.Arguments.TakeWhile(argument => argument.StartsWith("--", StringComparison.Ordinal)).Count();
        if (Path.GetFileName(command.FileName) != "setpriv" || options == command.Arguments.Count)
            return (command.FileName, command.Arguments, arguments);
        IReadOnlyList<string> rest = [.. command.Arguments.Skip(options + 1)];
        return (command.Arguments[options], rest, rest);
    }

    public static ImmutableArray<UrlSnapshot> Urls(ResourceInstance instance, bool isInactive)
    {
        var urls = new List<ResourceUrlAnnotation>(instance.Resource.Annotations.OfType<ResourceUrlAnnotation>());
        foreach (var endpoint in instance.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.AllocatedEndpoint is not null))
        {
            var reference = ((IResourceWithEndpoints)instance.Resource).GetEndpoint(endpoint.Name);
            var port = instance.Resource is ProjectResource ? instance.PortOf(endpoint.Name) : endpoint.AllocatedEndpoint!.Port;
            var url = new ResourceUrlAnnotation { Url = $"{endpoint.UriScheme}://{endpoint.TargetHost}:{port}", Endpoint = reference };
            foreach (var change in instance.Resource.Annotations.OfType<EndpointUrlAnnotation>().Where(change => change.EndpointName == endpoint.Name))
            {
                if (change.IsAdditional)
                    urls.Add(Absolute(change.Apply(url), $"{endpoint.UriScheme}://{endpoint.TargetHost}:{port}"));
                else
                    url = change.Apply(url);
            }
            urls.Add(Absolute(url, $"{endpoint.UriScheme}://{endpoint.TargetHost}:{port}"));
        }
        return [.. urls.Select(url => new UrlSnapshot(url.Endpoint?.EndpointName, url.Url, url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
        {
            DisplayProperties = new UrlDisplayPropertiesSnapshot(url.DisplayText ?? "", url.DisplayOrder ?? 0), IsInactive = isInactive,
        })];
    }

    /// <summary>An address may be given relative to its endpoint.</summary>
    private static ResourceUrlAnnotation Absolute(ResourceUrlAnnotation url, string endpoint)
    {
        if (url.Url.StartsWith('/'))
            url.Url = endpoint + url.Url;
        return url;
    }

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ParameterResource { IsConnectionString: true } => "ConnectionString",
        ParameterResource => "Parameter",
        ContainerResource => "Container",
        _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
    };

    private static string? ImageOf(IResource resource) => NameOf(resource) is { } image ? $"{image} (runs as a local process)" : null;

    private static string? NameOf(IResource resource) => resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault() is { } image ? $"{image.Image}:{image.Tag}" : null;

    private static IEnumerable<RelationshipSnapshot> RelationshipsOf(IResource resource)
    {
        if (resource is IResourceWithParent child)
            yield return new RelationshipSnapshot(child.Parent.Name, KnownRelationshipTypes.Parent);
        foreach (var relation in resource.Annotations.OfType<ResourceRelationshipAnnotation>())
            yield return new RelationshipSnapshot(relation.Resource.Name, relation.Type);
    }
}
