using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Core.Data;
using Npgsql;

namespace Notify.Benchmarks.Running;

/// <summary>
/// The application as the AppHost describes it, without the dashboard: Kafka, Redis, Postgres, the migrations, and those services that a
/// scenario needs. Services that are not named are left out of the model, so that they take no processor time from what is measured.
/// </summary>
internal sealed class NotifySystem : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly string[] s_servers = ["kafka", "redis", "postgres"];

    /// <summary>Settings of services with which one tenant may send it all.</summary>
    public static IReadOnlyDictionary<string, string> Unlimited { get; } =
        new Dictionary<string, string>
        {
            ["Accept__PerSecond__Critical"] = "0",
            ["Accept__PerSecond__Standard"] = "0",
            ["Accept__PerSecond__Bulk"] = "0",
        };

    private readonly IDistributedApplicationTestingBuilder _builder;
    private readonly DistributedApplication _application;
    private readonly Dictionary<string, string> _assemblies;
    private readonly DirectoryInfo _data;
    private readonly Dictionary<string, ResourceEvent> _instances = [];

    private NotifySystem(
        IDistributedApplicationTestingBuilder builder,
        DistributedApplication application,
        Dictionary<string, string> assemblies,
        DirectoryInfo data,
        IReadOnlyDictionary<string, string> settings
    ) => (_builder, _application, _assemblies, _data, Settings) = (builder, application, assemblies, data, settings);

    /// <summary>Environment variables of each service, from the command line.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    public string Kafka { get; private set; } = "";

    public string Redis { get; private set; } = "";

    public string Database { get; private set; } = "";

    public NpgsqlDataSource Rows { get; private set; } = null!;

    /// <summary>
    /// Where the process itself listens: that of replicas, which the model gives, leads through the orchestrator's proxy, which takes its
    /// share of the machine and exists in development only.
    /// </summary>
    public Uri Api =>
        new(_instances[Services.Api].Snapshot.EnvironmentVariables.Single(variable => variable.Name == "ASPNETCORE_URLS").Value!);

    public Uri Sandbox => _application.GetEndpoint(Services.Sandbox, "http");

    /// <param name="services">Those that are to run.</param>
    /// <param name="settings">Environment variables of each service.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<NotifySystem> StartAsync(
        IReadOnlyCollection<string> services,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        var data = Directory.CreateTempSubdirectory("notify-benchmark-");
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Notify_AppHost>(
            [$"--Notify:DataFolder={data.FullName}"],
            limit.Token
        );
        // What servers write as they start and stop would stand between the figures.
        builder.Services.AddLogging(logging => logging.AddFilter("Notify.AppHost.Resources", LogLevel.None));
        NotifySystem? system = null;
        try
        {
            var projects = builder.Resources.OfType<ProjectResource>().ToList();
            var assemblies = projects.ToDictionary(project => project.Name, AssemblyOf);
            foreach (var project in projects.Where(project => project.Name != Services.Migrations && !services.Contains(project.Name)))
                builder.Resources.Remove(project);
            foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
            {
                var service = builder.CreateResourceBuilder(project).WithEnvironment("Sandbox__Keep", "200000");
                foreach (var (name, value) in Unlimited.Concat(settings))
                    service.WithEnvironment(name, value);
            }
            system = new NotifySystem(builder, await builder.BuildAsync(limit.Token), assemblies, data, settings);
            await system.UpAsync(services, limit.Token);
            return system;
        }
        catch (Exception fault)
        {
            await (system?.DisposeAsync() ?? builder.DisposeAsync());
            if (system is null)
                data.Delete(recursive: true);
            if (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new TimeoutException(
                    $"The application was not up within {StartLimit.TotalMinutes:0} minutes. Does `dotnet run --project Notify.AppHost` work?",
                    fault
                );
            throw;
        }
    }

    /// <summary>The process behind a resource; null where it runs in a container, or in this process.</summary>
    public int? ProcessOf(string resource) =>
        _instances.GetValueOrDefault(resource)?.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value
            is { } value
        && Convert.ToInt32(value, CultureInfo.InvariantCulture) is var process
        && process != Environment.ProcessId
            ? process
            : null;

    /// <summary>The processes of the servers, and of services named.</summary>
    public Dictionary<string, int> ProcessesOf(params IEnumerable<string> services) =>
        s_servers
            .Concat(services)
            .Select(name => (Name: name, Process: ProcessOf(name)))
            .Where(one => one.Process is not null)
            .ToDictionary(one => one.Name, one => one.Process!.Value);

    /// <summary>The built program of a service, to be started with other settings than the AppHost gives.</summary>
    public string AssemblyOf(string service) => _assemblies[service];

    public async ValueTask DisposeAsync()
    {
        if (Rows is not null)
            await Rows.DisposeAsync();
        await _application.StopAsync();
        await _application.DisposeAsync();
        await _builder.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task UpAsync(IReadOnlyCollection<string> services, CancellationToken cancellationToken)
    {
        await _application.StartAsync(cancellationToken);
        await Task.WhenAll(
            services.Select(name => _application.ResourceNotifications.WaitForResourceHealthyAsync(name, cancellationToken))
        );
        await _application.ResourceNotifications.WaitForResourceAsync(Services.Migrations, KnownResourceStates.Finished, cancellationToken);
        foreach (var name in s_servers.Concat(services).Where(name => _builder.Resources.Any(resource => resource.Name == name)))
            // the state it has
            _instances[name] = await _application.ResourceNotifications.WaitForResourceAsync(name, _ => true, cancellationToken);
        Kafka = await ConnectionAsync("kafka", cancellationToken);
        Redis = await ConnectionAsync("redis", cancellationToken);
        Database = await ConnectionAsync("notifydb", cancellationToken);
        Rows = HotPathData.Create(Database);
    }

    private async Task<string> ConnectionAsync(string name, CancellationToken cancellationToken) =>
        await _application.GetConnectionStringAsync(name, cancellationToken)
        ?? throw new InvalidOperationException($"{name} has no connection string.");

    private static string AssemblyOf(ProjectResource project)
    {
        var file = project.Annotations.OfType<IProjectMetadata>().First().ProjectPath;
        var name = Path.GetFileNameWithoutExtension(file);
        return Path.Combine(
            Path.GetDirectoryName(file)!,
            "bin",
            Reporting.Conditions.Configuration,
            $"net{Environment.Version.Major}.0",
            $"{name}.dll"
        );
    }
}
