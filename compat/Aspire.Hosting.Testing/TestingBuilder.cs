using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

internal sealed class TestingBuilder(EntryPointSession session, DistributedApplicationBuilder builder) : IDistributedApplicationTestingBuilder
{
    private DistributedApplication? _application;

    /// <summary>Whether no entry point is there to build the application.</summary>
    public bool BuildsItself { get; init; }

    public ConfigurationManager Configuration => builder.Configuration;
    public string AppHostDirectory => builder.AppHostDirectory;
    public Assembly? AppHostAssembly => builder.AppHostAssembly;
    public IHostEnvironment Environment => builder.Environment;
    public IServiceCollection Services => builder.Services;
    public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;
    public IDistributedApplicationEventing Eventing => builder.Eventing;
    public IResourceCollection Resources => builder.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => builder.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => builder.CreateResourceBuilder(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        session.AllowBuild();
        return _application = BuildsItself ? builder.Build() : await session.Running.WaitAsync(cancellationToken);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Ends what the test has left running, lets the entry point go, and deletes the data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();
        session.Finish();
    }
}
