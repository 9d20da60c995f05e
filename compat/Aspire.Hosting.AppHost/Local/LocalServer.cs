using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Local;

/// <summary>What the host runs in place of a container: a process of its own or a server inside the host's process.</summary>
public abstract record LocalServer
{
    /// <summary>Endpoint name → port, where the server chose its own; endpoints not named here listen on <see cref="LocalServerContext.GetPort"/>.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();
}

/// <summary>A server that the host starts, watches, restarts with back-off when it crashes, and stops.</summary>
public sealed record LocalProcess(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory) : LocalServer
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The signal that asks for an orderly stop: SIGTERM (15), or another the server prefers (SIGINT, 2, for a fast PostgreSQL stop).</summary>
    public int StopSignal { get; init; } = 15;

    /// <summary>How long an orderly stop may take before the process is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A server that lives in the host's own process.</summary>
public sealed record InProcessServer(IAsyncDisposable Server) : LocalServer;

/// <summary>What a server is given to prepare itself with.</summary>
public sealed class LocalServerContext(string resourceName, string dataFolder, string toolsFolder, IConfiguration configuration, ILogger logger, Func<string, int> getPort)
{
    public string ResourceName { get; } = resourceName;

    /// <summary>This resource's own folder, there and locked by the host; kept between runs (a temporary one in tests).</summary>
    public string DataFolder { get; } = dataFolder;

    /// <summary>Where what is fetched lives, shared by all hosts of this user; guard concurrent installs with a lock file.</summary>
    public string ToolsFolder { get; } = toolsFolder;

    public IConfiguration Configuration { get; } = configuration;

    /// <summary>Writes to the resource's console log, which the host also prints.</summary>
    public ILogger Logger { get; } = logger;

    /// <summary>The port that was allocated to an endpoint of the resource.</summary>
    public int GetPort(string endpointName) => getPort(endpointName);
}
