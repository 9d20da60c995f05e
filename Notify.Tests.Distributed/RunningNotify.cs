using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed;

/// <summary>The doors of the running application.</summary>
internal sealed class RunningNotify
{
    public const string DevelopmentKey = "notify-development-key";

    private static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private readonly DistributedApplication _application;

    private RunningNotify(DistributedApplication application, ResourceLogs logs, string kafka, NpgsqlDataSource database)
    {
        _application = application;
        var http = application.CreateHttpClient("api", "http");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DevelopmentKey);
        Api = new ApiClient(http);
        Sandbox = new SandboxClient(application.CreateHttpClient("sandbox", "http"));
        (Logs, Kafka, Database) = (logs, kafka, database);
    }

    public static IReadOnlyList<string> Services { get; } = ["api", "router", "push", "email", "sms", "sandbox"];

    public ApiClient Api { get; }

    public SandboxClient Sandbox { get; }

    public ResourceLogs Logs { get; }

    public DistributedApplication Application => _application;

    /// <summary>Bootstrap servers.</summary>
    public string Kafka { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>Whether the broker is a process of its own, which can be killed; the built-in one lives in the host.</summary>
    public bool HasRealKafka => ProcessOf("kafka") is { } process && process != Environment.ProcessId;

    public static async Task<RunningNotify> ConnectAsync(
        DistributedApplication application,
        ResourceLogs logs,
        CancellationToken cancellationToken
    )
    {
        var kafka = await application.GetConnectionStringAsync("kafka", cancellationToken);
        var database = await application.GetConnectionStringAsync("notifydb", cancellationToken);
        return new RunningNotify(application, logs, kafka!, NpgsqlDataSource.Create(database!));
    }

    /// <summary>Ends a resource's process with SIGKILL, which it cannot see coming.</summary>
    public void Kill(string resource)
    {
        using var process = Process.GetProcessById(
            ProcessOf(resource) ?? throw new InvalidOperationException($"{resource} has no process.")
        );
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>The service runs in another process than <paramref name="killed"/> and is healthy.</summary>
    public Task RestartedAsync(string resource, int killed, CancellationToken cancellationToken) =>
        Until.TrueAsync(() => ProcessOf(resource) is { } process && process != killed, $"{resource} runs again", cancellationToken);

    public int? ProcessOf(string resource) =>
        Logs.Latest(resource)?.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
            ? Convert.ToInt32(value, CultureInfo.InvariantCulture)
            : null;

    public Task<ResourceEvent> HealthyAsync(string resource, CancellationToken cancellationToken) =>
        _application.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);

    /// <summary>Rows of a query. A server that was ended a moment ago is waited for: it is on its way back.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters
    )
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await QueryOnceAsync(sql, read, parameters, cancellationToken);
            }
            catch (NpgsqlException gone) when (gone.IsTransient && Stopwatch.GetElapsedTime(started) < RestartPatience)
            {
                Database.Clear(); // connections that the pool kept from the server before
            }
            await Task.Delay(RetryPause, cancellationToken);
        }
    }

    private async Task<List<T>> QueryOnceAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> read,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter.Clone());
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
