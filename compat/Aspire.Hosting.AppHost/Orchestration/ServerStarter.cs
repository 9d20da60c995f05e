using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts whatever a resource is: a project's build output, an executable, or the local server in place of a container.</summary>
internal sealed class ServerStarter(
    InstanceEnvironment environment, EndpointAllocation endpoints, LocalFolders folders, IConfiguration configuration, ChildGuard guard)
{
    public async Task<IRunningServer> StartAsync(ResourceInstance instance, ILogger log, CancellationToken cancellationToken)
    {
        if (instance.Resource.Annotations.OfType<LocalServerAnnotation>().LastOrDefault() is { } local)
            return await StartLocalAsync(instance, local, log, cancellationToken);
        var arguments = await environment.ArgumentsAsync(instance.Resource, log, cancellationToken);
        var variables = await environment.VariablesAsync(instance, log, cancellationToken);
        var command = instance.Resource is ExecutableResource executable
            ? new ProcessCommand(Executables.Resolve(executable.Command, executable.WorkingDirectory), arguments, executable.WorkingDirectory, variables)
            : OfProject(instance.Resource, arguments, variables);
        return await StartAsync(instance, command, arguments);
    }

    private static ProcessCommand OfProject(IResource resource, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        var project = resource.Annotations.OfType<IProjectMetadata>().Single();
        var assembly = (project as IBuiltProject)?.AssemblyPath;
        if (assembly is null || !File.Exists(assembly))
            throw new DistributedApplicationException($"The project {project.ProjectPath} is not built (no {assembly ?? "known output"}): build the AppHost again.");
        return new ProcessCommand(Executables.DotNet, [assembly, .. arguments], Path.GetDirectoryName(project.ProjectPath)!, variables);
    }

    private async Task<IRunningServer> StartLocalAsync(ResourceInstance instance, LocalServerAnnotation local, ILogger log, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(folders.Data, instance.Resource.Name);
        LocalFolders.Create(folder);
        LocalFolders.Create(folders.Tools);
        var context = new LocalServerContext(instance.Resource.Name, folder, folders.Tools, configuration, log, instance.PortOf);
        var server = await local.Prepare(context, cancellationToken);
        await endpoints.PublishAsync(instance, server.Ports, cancellationToken);
        if (server is InProcessServer)
            await Snapshots.DescribeInProcessAsync(instance);
        return server switch
        {
            LocalProcess process => await StartAsync(instance, CommandOf(process), process.Arguments),
            InProcessServer inProcess => new InProcess(inProcess.Server),
            _ => throw new InvalidOperationException($"A local server of type {server.GetType().Name} cannot be started."),
        };
    }

    private static ProcessCommand CommandOf(LocalProcess process) => new(process.FileName, process.Arguments, process.WorkingDirectory, process.Environment)
    {
        StopSignal = process.StopSignal,
        StopGrace = process.StopGrace,
    };

    private async Task<ChildProcess> StartAsync(ResourceInstance instance, ProcessCommand command, IReadOnlyList<string> arguments)
    {
        await Snapshots.DescribeAsync(instance, command, arguments);
        return ChildProcess.Start(command, guard, instance.Write);
    }
}
