using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes one resource after another, each in the form that its kind has in an Aspire manifest.</summary>
internal sealed class ManifestWriter(Utf8JsonWriter json, string folder, DistributedApplicationExecutionContext execution)
{
    public async Task WriteAsync(IResource resource, CancellationToken cancellationToken)
    {
        json.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ParameterResource parameter:
                WriteParameter(parameter);
                break;
            case ProjectResource:
                json.WriteString("type", "project.v0");
                json.WriteString("path", Relative(resource.Annotations.OfType<IProjectMetadata>().Single().ProjectPath));
                await WriteProcessAsync(resource, cancellationToken);
                break;
            case ContainerResource container:
                json.WriteString("type", "container.v0");
                WriteConnectionString(resource);
                json.WriteString("image", ImageOf(container));
                if (container.Entrypoint is not null)
                    json.WriteString("entrypoint", container.Entrypoint);
                WriteMounts(container);
                await WriteProcessAsync(resource, cancellationToken);
                break;
            case ExecutableResource executable:
                json.WriteString("type", "executable.v0");
                json.WriteString("workingDirectory", Relative(executable.WorkingDirectory));
                json.WriteString("command", executable.Command);
                await WriteProcessAsync(resource, cancellationToken);
                break;
            case IResourceWithConnectionString:
                json.WriteString("type", "value.v0");
                WriteConnectionString(resource);
                break;
            default:
                throw new DistributedApplicationException($"Resource '{resource.Name}' of type {resource.GetType().Name} has no form in a manifest: leave it out with ExcludeFromManifest().");
        }
        json.WriteEndObject();
    }

    /// <summary>Every value that the resource's entry refers to.</summary>
    public async Task<IReadOnlyList<object>> ValuesOfAsync(IResource resource, CancellationToken cancellationToken)
    {
        var values = new List<object>();
        if (resource is IResourceWithConnectionString { ConnectionStringExpression: var expression } and not ParameterResource)
            values.Add(expression);
        values.AddRange((await VariablesAsync(resource, cancellationToken)).Values);
        values.AddRange(await ArgumentsAsync(resource, cancellationToken));
        return values;
    }

    private static string ImageOf(ContainerResource resource)
    {
        var image = resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()
            ?? throw new DistributedApplicationException($"Container '{resource.Name}' names no image.");
        var name = image.Registry is null ? image.Image : $"{image.Registry}/{image.Image}";
        return image.SHA256 is null ? $"{name}:{image.Tag ?? "latest"}" : $"{name}@sha256:{image.SHA256}";
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        IManifestExpressionProvider expression => expression.ValueExpression,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private string Relative(string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    private void WriteParameter(ParameterResource parameter)
    {
        json.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString)
            json.WriteString("connectionString", $"{{{parameter.Name}.value}}");
        json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        json.WriteStartObject("inputs");
        json.WriteStartObject("value");
        json.WriteString("type", "string");
        if (parameter.Secret)
            json.WriteBoolean("secret", true);
        WriteDefault(parameter.Default);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteDefault(ParameterDefault? value)
    {
        if (value is ConstantParameterDefault { Publish: true })
        {
            json.WriteStartObject("default");
            json.WriteString("value", value.GetDefaultValue());
            json.WriteEndObject();
        }
        else if (value is GenerateParameterDefault generated)
        {
            json.WriteStartObject("default");
            json.WriteStartObject("generate");
            json.WriteNumber("minLength", generated.MinLength);
            if (!generated.Special)
                json.WriteBoolean("special", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private void WriteConnectionString(IResource resource)
    {
        if (resource is IResourceWithConnectionString connection)
            json.WriteString("connectionString", connection.ConnectionStringExpression.ValueExpression);
    }

    private void WriteMounts(ContainerResource resource)
    {
        var volumes = resource.Annotations.OfType<ContainerMountAnnotation>().Where(mount => mount.Type == ContainerMountType.Volume).ToArray();
        if (volumes.Length == 0)
            return;
        json.WriteStartArray("volumes");
        foreach (var volume in volumes)
        {
            json.WriteStartObject();
            json.WriteString("name", volume.Source);
            json.WriteString("target", volume.Target);
            json.WriteBoolean("readOnly", volume.IsReadOnly);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private async Task WriteProcessAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (await ArgumentsAsync(resource, cancellationToken) is { Count: > 0 } arguments)
        {
            json.WriteStartArray("args");
            foreach (var argument in arguments)
                json.WriteStringValue(Text(argument));
            json.WriteEndArray();
        }
        if (await VariablesAsync(resource, cancellationToken) is { Count: > 0 } variables)
        {
            json.WriteStartObject("env");
            foreach (var (name, value) in variables)
                json.WriteString(name, Text(value));
            json.WriteEndObject();
        }
        WriteBindings(resource);
    }

    private async Task<Dictionary<string, object>> VariablesAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken);
        if (resource is ProjectResource)
        {
            context.EnvironmentVariables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
            context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        }
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if ((endpoint.PortVariable ?? (resource is ProjectResource && endpoint.UriScheme == "http" ? "HTTP_PORTS" : null)) is { } variable)
                context.EnvironmentVariables[variable] = $"{{{resource.Name}.bindings.{endpoint.Name}.targetPort}}";
        }
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        return context.EnvironmentVariables;
    }

    private async Task<IList<object>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = execution };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await annotation.Callback(context);
        return context.Args;
    }

    private void WriteBindings(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        if (endpoints.Length == 0)
            return;
        json.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            json.WriteStartObject(endpoint.Name);
            json.WriteString("scheme", endpoint.UriScheme);
            json.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            json.WriteString("transport", endpoint.Transport);
            if (endpoint.TargetPort is { } target)
                json.WriteNumber("targetPort", target);
            if (endpoint.IsExternal)
                json.WriteBoolean("external", true);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
