using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Works out the variables and arguments that one instance is started with.</summary>
internal sealed class InstanceEnvironment(DistributedApplicationExecutionContext execution, IHostEnvironment host, TelemetryTarget? telemetry)
{
    public async Task<IReadOnlyDictionary<string, string>> VariablesAsync(ResourceInstance instance, ILogger logger, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, object>();
        if (instance.Resource is ProjectResource)
            AddTelemetry(values, instance);
        AddPorts(values, instance);
        var context = new EnvironmentCallbackContext(execution, instance.Resource, values, cancellationToken) { Logger = logger };
        foreach (var annotation in instance.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);

        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in values)
        {
            if (await ResolveAsync(value, cancellationToken) is { } text)
                variables[name] = text;
        }
        return variables;
    }

    public async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, ILogger logger, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = execution, Logger = logger };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await annotation.Callback(context);
        var arguments = new List<string>();
        foreach (var arg in context.Args)
        {
            if (await ResolveAsync(arg, cancellationToken) is { } text)
                arguments.Add(text);
        }
        return arguments;
    }

    private static async ValueTask<string?> ResolveAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(cancellationToken),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static void AddPorts(Dictionary<string, object> values, ResourceInstance instance)
    {
        var web = new List<string>();
        foreach (var endpoint in instance.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            var port = instance.PortOf(endpoint.Name);
            if (endpoint.PortVariable is { } variable)
                values[variable] = port.ToString(CultureInfo.InvariantCulture);
            else if (endpoint.UriScheme is "http" or "https")
                web.Add($"{endpoint.UriScheme}://localhost:{port}");
        }
        if (instance.Resource is ProjectResource && web.Count > 0)
            values["ASPNETCORE_URLS"] = string.Join(';', web);
    }

    private void AddTelemetry(Dictionary<string, object> values, ResourceInstance instance)
    {
        values["OTEL_SERVICE_NAME"] = instance.Resource.Name;
        values["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Suffix}";
        values["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        values["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        if (telemetry is not null)
        {
            values["OTEL_EXPORTER_OTLP_ENDPOINT"] = telemetry.Endpoint;
            values["OTEL_EXPORTER_OTLP_PROTOCOL"] = telemetry.Protocol;
            if (telemetry.Headers is not null)
                values["OTEL_EXPORTER_OTLP_HEADERS"] = telemetry.Headers;
        }
        if (!host.IsDevelopment())
            return;
        values["OTEL_BLRP_SCHEDULE_DELAY"] = values["OTEL_BSP_SCHEDULE_DELAY"] = values["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        values["OTEL_TRACES_SAMPLER"] = "always_on";
        values["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }
}
