using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.AppHost.Console;
using Notify.AppHost.Running;

namespace Notify.AppHost.Local;

/// <summary>Servers as ordinary processes, for a machine without a container engine. Each listens on 127.0.0.1 and keeps its data in the
/// host's data folder.</summary>
internal static class LocalServers
{
    /// <summary>Only in run mode: what is published are always containers. <c>Notify:Containers=true|false</c> decides without
    /// asking.</summary>
    public static bool UsesLocalServers(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode
        && !(builder.Configuration.GetValue<bool?>("Notify:Containers") ?? ContainerEngine.IsRunning(builder.Configuration));

    /// <summary>Adds a server that <paramref name="prepare"/> makes ready before each start.</summary>
    public static IResourceBuilder<T> AddLocalServer<T>(
        this IDistributedApplicationBuilder builder,
        T server,
        int port,
        Func<LocalServerContext, CancellationToken, Task<LocalProgram>> prepare
    )
        where T : LocalServerResource
    {
        var folders = LocalFolders.Of(builder);
        folders.Lock();
        var folder = Path.Combine(folders.Data, server.Name);
        Directory.CreateDirectory(folder);
        var executable = new ExecutableAnnotation { Command = server.Command, WorkingDirectory = folder };
        var program = new LocalProgram("", []);
        return builder
            .AddResource(server)
            .WithAnnotation(executable)
            .WithEndpoint(port: port, targetPort: port, name: "tcp", isProxied: false)
            .OnBeforeResourceStarted(
                async (_, started, cancellationToken) =>
                {
                    var logger = started.Services.GetRequiredService<ResourceLoggerService>().GetLogger(started.Resource);
                    try
                    {
                        program = await prepare(
                            new LocalServerContext(folder, folders.Tools, port, builder.Configuration, logger),
                            cancellationToken
                        );
                    }
                    catch (MissingPieceException missing)
                    {
                        HostConsole.Complain($"{server.Name} cannot be started. {missing.Message}");
                        throw;
                    }
                    executable.Command = program.FileName; // read, like arguments and environment, after this event
                }
            )
            .WithArgs(context => AddAll(context.Args, program.Arguments))
            .WithEnvironment(context => SetAll(context.EnvironmentVariables, program.Environment))
            .ExcludeFromManifest();
    }

    /// <summary>Registers a health check under <paramref name="key"/>, for <c>WithHealthCheck</c>.</summary>
    public static string AddCheck(this IDistributedApplicationBuilder builder, string key, Func<IHealthCheck> create)
    {
        builder
            .Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    key,
                    services => new PatientCheck(create(), services.GetRequiredService<TimeProvider>()),
                    failureStatus: null,
                    tags: null
                )
            );
        return key;
    }

    private static void AddAll(IList<object> arguments, IReadOnlyList<string> added)
    {
        foreach (var argument in added)
            arguments.Add(argument);
    }

    private static void SetAll(Dictionary<string, object> variables, IReadOnlyDictionary<string, string> set)
    {
        foreach (var (name, value) in set)
            variables[name] = value;
    }
}
