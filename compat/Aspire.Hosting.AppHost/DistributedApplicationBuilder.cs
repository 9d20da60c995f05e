using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly Dictionary<string, string> s_switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--step"] = "Pipeline:Step",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--data"] = "Notify:DataFolder",
    };

    private readonly HostApplicationBuilder _host;
    private readonly EntryPointSession? _session = EntryPointSession.Current;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        _session?.Configure(options);
        Options = options;
        AppHostAssembly = _session?.Assembly ?? (options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly());
        AppHostDirectory = options.ProjectDirectory ?? ProjectDirectoryOf(AppHostAssembly) ?? AppContext.BaseDirectory;
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = options.Args,
            ContentRootPath = AppHostDirectory,
            ApplicationName = AppHostAssembly?.GetName().Name,
            EnvironmentName = _session is not null && System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is null ? Environments.Development : null,
        });
        Configuration.AddCommandLine(options.Args ?? [], s_switches);
        ExecutionContext = new DistributedApplicationExecutionContext(IsPublishing() ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);
        if (UnderTest && string.IsNullOrEmpty(Configuration["Notify:DataFolder"]))
            Configuration["Notify:DataFolder"] = _session!.DataFolder;
        _host.Logging.AddHostLog(UnderTest);
        this.AddHosting();
    }

    public DistributedApplicationOptions Options { get; }

    /// <summary>Whether a test runs the application: random ports, a passing data folder, no dashboard.</summary>
    public bool UnderTest => _session is not null;

    public ConfigurationManager Configuration => _host.Configuration;
    public string AppHostDirectory { get; }
    public Assembly? AppHostAssembly { get; }
    public IHostEnvironment Environment => _host.Environment;
    public IServiceCollection Services => _host.Services;
    public DistributedApplicationExecutionContext ExecutionContext { get; }
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();
    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.Any(known => string.Equals(known.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"Cannot add resource of type '{typeof(T)}' with name '{resource.Name}' because a resource with that name already exists.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _session?.ReachedBuild(this);
        var application = new DistributedApplication(_host.Build(), _session);
        ExecutionContext.Services = application.Services;
        return application;
    }

    private static string? ProjectDirectoryOf(Assembly? assembly)
    {
        var path = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value;
        return Directory.Exists(path) ? Path.TrimEndingDirectorySeparator(path) : null;
    }

    private bool IsPublishing() =>
        string.Equals(Configuration["AppHost:Operation"], "publish", StringComparison.OrdinalIgnoreCase) || Configuration["Publishing:Publisher"] is { Length: > 0 };
}
