using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>The processes behind the resources, each replica by itself: found, signalled, stopped and started from outside.</summary>
internal sealed class Instances : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly string[] s_servers = ["kafka", "redis", "postgres"];

    private readonly DistributedApplication _application;
    private readonly ConcurrentDictionary<string, ResourceEvent> _known = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public Instances(DistributedApplication application)
    {
        _application = application;
        _watching = WatchAsync();
    }

    /// <summary>The ids of a resource's replicas.</summary>
    public IReadOnlyList<string> Of(string resource) =>
        [.. _known.Values.Where(known => known.Resource.Name == resource).Select(known => known.ResourceId).Order(StringComparer.Ordinal)];

    public string Single(string resource) => Assert.Single(Of(resource));

    /// <summary>Null where it has none now: what is known of it may be older than its end.</summary>
    public int? ProcessOf(string instance) =>
        _known[instance].Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
        && Convert.ToInt32(value, CultureInfo.InvariantCulture) is var id
        && IsRunning(id)
            ? id
            : null;

    /// <summary>Whether it ended, or was ended.</summary>
    public bool HasEnded(string instance) => KnownResourceStates.TerminalStates.Contains(_known[instance].Snapshot.State?.Text);

    /// <summary>Whether Kafka is a process of its own, not librdkafka's broker inside the host.</summary>
    public bool HasRealKafka => Of("kafka") is [var kafka] && ProcessOf(kafka) is { } process && process != Environment.ProcessId;

    /// <summary>A client of each API process.</summary>
    public IReadOnlyList<ApiClient> ApiNodes(TimeSpan timeout, string key = RunningNotify.DevelopmentKey) =>
        [.. Of("api").Select(id => Client(id, timeout, key))];

    /// <summary>SIGKILL, which nobody sees coming; the process is gone when this returns.</summary>
    public async Task KillAsync(string instance)
    {
        using var process = Process.GetProcessById(
            ProcessOf(instance) ?? throw new InvalidOperationException($"{instance} has no process.")
        );
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <param name="instance">Its process gets the signal.</param>
    /// <param name="signal">Without the SIG: TERM, STOP, CONT.</param>
    public async Task<Process> SignalAsync(string instance, string signal)
    {
        var process = Process.GetProcessById(ProcessOf(instance) ?? throw new InvalidOperationException($"{instance} has no process."));
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id}")]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
        return process;
    }

    public Task StopAsync(string instance, CancellationToken cancellationToken) =>
        CommandAsync(instance, KnownResourceCommands.StopCommand, cancellationToken);

    public Task StartAsync(string instance, CancellationToken cancellationToken) =>
        CommandAsync(instance, KnownResourceCommands.StartCommand, cancellationToken);

    /// <summary>Restarts one that runs; starts one that ended. The host of the faults leaves that to them.</summary>
    public async Task ReviveAsync(string instance, CancellationToken cancellationToken)
    {
        if (ProcessOf(instance) is not null)
        {
            await CommandAsync(instance, KnownResourceCommands.RestartCommand, cancellationToken);
            return;
        }
        await Until.TrueAsync(() => HasEnded(instance), $"the orchestrator knows that {instance} has ended", cancellationToken);
        await StartAsync(instance, cancellationToken);
        await Until.TrueAsync(() => ProcessOf(instance) is not null, $"{instance} runs again", cancellationToken);
    }

    /// <summary>Starts what a run before left stopped, and waits until all is healthy.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var instance in RunningNotify.Services.Concat(s_servers).SelectMany(Of).Where(HasEnded))
            await StartAsync(instance, cancellationToken);
        await HealthyAsync(cancellationToken);
    }

    /// <summary>Every replica of every service is healthy.</summary>
    public Task HealthyAsync(CancellationToken cancellationToken) => HealthyAsync(RunningNotify.Services, cancellationToken);

    public Task HealthyAsync(IEnumerable<string> resources, CancellationToken cancellationToken) =>
        Until.GetAsync(
            () => Task.FromResult(resources.All(resource => Of(resource) is { Count: > 0 } ids && ids.All(IsHealthy)) ? "" : null),
            _ =>
                $"all are healthy: {string.Join("; ", resources.SelectMany(Of).Where(instance => !IsHealthy(instance)).Select(Describe))}.",
            cancellationToken,
            Patience
        );

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private bool IsHealthy(string instance) => _known[instance].Snapshot is { HealthStatus: HealthStatus.Healthy, State.Text: "Running" };

    /// <summary>State, process, health with its reasons, and where the instance says that it listens.</summary>
    private string Describe(string instance)
    {
        var snapshot = _known[instance].Snapshot;
        var reasons = snapshot.HealthReports.Select(report => $"{report.Status}: {report.Description}");
        var address = snapshot.EnvironmentVariables.FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")?.Value;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{instance} is {snapshot.State?.Text}, process {ProcessOf(instance)}, at {address}, urls {string.Join(" ", snapshot.Urls.Select(url => url.Url))} ({string.Join(", ", reasons)})"
        );
    }

    private async Task CommandAsync(string instance, string command, CancellationToken cancellationToken)
    {
        var result = await _application
            .Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(instance, command, cancellationToken);
        Assert.True(result.Success, $"{command} of {instance} failed.");
    }

    private ApiClient Client(string instance, TimeSpan timeout, string key)
    {
        var http = new HttpClient(new OwnAddress(() => AddressOf(instance)))
        {
            BaseAddress = new Uri("http://instance"),
            Timeout = timeout,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new ApiClient(http);
    }

    /// <summary>Where one replica listens: behind the address that all of them share, only the orchestrator knows which of them
    /// answers.</summary>
    /// <exception cref="HttpRequestException">It is not running just now.</exception>
    private Uri AddressOf(string instance) =>
        _known[instance].Snapshot.EnvironmentVariables.FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")?.Value is { } address
            ? new Uri(address)
            : throw new HttpRequestException(HttpRequestError.ConnectionError, "It has no address just now.");

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var change in _application.ResourceNotifications.WatchAsync(_stop.Token))
                _known[change.ResourceId] = change;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }
}

/// <summary>Sends each request to where a process listens now: one that was restarted has another port.</summary>
internal sealed class OwnAddress(Func<Uri> address) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(address(), request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
