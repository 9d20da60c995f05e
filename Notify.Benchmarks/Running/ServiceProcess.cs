using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Notify.Benchmarks.Parts;

namespace Notify.Benchmarks.Running;

/// <summary>A service of ours as a process of its own, to be started when a scenario needs it and with other settings than the AppHost
/// gives.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private readonly OwnedProcess _process;
    private readonly CounterReader _counters;
    private readonly Uri _address;

    private ServiceProcess(string name, OwnedProcess process, CounterReader counters, Uri address) =>
        (Name, _process, _counters, _address) = (name, process, counters, address);

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Where it listens, if it does.</summary>
    public Uri Address => _address;

    /// <summary>The process, started but not awaited.</summary>
    public static ServiceProcess Start(NotifySystem system, string name, IReadOnlyDictionary<string, string> settings)
    {
        var assembly = system.AssemblyOf(name);
        return Start(system, name, [assembly], Path.GetDirectoryName(assembly), settings);
    }

    /// <summary>A part of this program, run as a service of the product is: with that one's settings of the runtime.</summary>
    public static ServiceProcess StartPart(
        NotifySystem system,
        string part,
        string like,
        string name,
        IReadOnlyDictionary<string, string> settings
    ) =>
        Start(
            system,
            name,
            [
                "exec",
                "--runtimeconfig",
                Path.ChangeExtension(system.AssemblyOf(like), ".runtimeconfig.json"),
                typeof(ServiceProcess).Assembly.Location,
                PartProgram.Verb,
                part,
            ],
            folder: null,
            settings
        );

    private static ServiceProcess Start(
        NotifySystem system,
        string name,
        IReadOnlyList<string> arguments,
        string? folder,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        var counters = new CounterReader();
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__kafka"] = system.Kafka,
            ["ConnectionStrings__redis"] = system.Redis,
            ["ConnectionStrings__notifydb"] = system.Database,
            ["ASPNETCORE_URLS"] = address,
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
        };
        foreach (var (variable, value) in counters.Settings.Concat(settings).Concat(system.Settings))
            environment[variable] = value;
        return new(name, OwnedProcess.Start(name, "dotnet", arguments, environment, folder), counters, new Uri(address));
    }

    /// <summary>Ends when the service has joined its consumer groups.</summary>
    public async Task HealthyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = _address };
        await Waiting.UntilAsync(AnswersAsync, TimeSpan.FromMilliseconds(200), StartLimit, $"{Name} to be healthy", cancellationToken);

        async ValueTask<bool> AnswersAsync()
        {
            ThrowIfEnded();
            try
            {
                using var answer = await http.GetAsync("/health", cancellationToken);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false; // it does not listen yet
            }
        }
    }

    /// <summary>What it has counted so far.</summary>
    public Task<ServiceCounters> CountersAsync(CancellationToken cancellationToken) => _counters.ReadAsync(cancellationToken);

    public void ThrowIfEnded() => _process.ThrowIfEnded();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _counters.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
