using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

[assembly: AssemblyFixture(typeof(Notify.Tests.Distributed.NotifyApp))]

namespace Notify.Tests.Distributed;

/// <summary>The whole application, once for all tests that need it; started by the first one that asks, so that plain tests alone never
/// start it.</summary>
public sealed class NotifyApp : IAsyncDisposable
{
    public const string Needs = "Needs";
    public const string Application = "application";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    // Short waits, so that tests of retries and crashes are quick; all within what the options allow.
    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["Delivery__Lease"] = "00:00:15",
        ["Delivery__RetryBase"] = "00:00:00.400",
        ["Delivery__RetryFloor"] = "00:00:00.100",
        ["Delivery__MaxAttempts"] = "4",
        ["Delivery__MisconfiguredWait"] = "00:00:01",
        // The tests share one application, and each has addresses of its own that misbehave: together they must not make a provider look
        // broken, nor another one take over.
        ["Delivery__Breaker__MinimumCalls"] = "10000",
        ["Delivery__Breaker__FailuresInARow"] = "10000",
        ["Delivery__Breaker__Misconfigured"] = "100",
        ["Router__AtMostOnceCategories__0"] = Requests.AtMostOnce,
        ["Sandbox__Keep"] = "200000",
    };

    // Beside a fallback, what a provider does wrong would show little.
    private static readonly Dictionary<string, string> s_oneProviderAChannel = new()
    {
        ["Sms__Gateway__Url"] = "",
        ["Email__SendGrid__ApiKey"] = "",
    };

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("notify-test-");
    private readonly string[] _arguments;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Lazy<Task<RunningNotify>> _running;
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _application;
    private ResourceLogs? _logs;

    public NotifyApp()
        : this([], new Dictionary<string, string>()) { }

    /// <param name="arguments">Of the AppHost.</param>
    /// <param name="settings">Of every service, beside those of all tests and over them.</param>
    /// <param name="fallbacks">Whether the channels keep their second providers.</param>
    internal NotifyApp(string[] arguments, IReadOnlyDictionary<string, string> settings, bool fallbacks = false)
    {
        _arguments = [.. arguments, $"--Notify:DataFolder={_data.FullName}", "--Postgres:Fsync=off"];
        _settings = fallbacks ? settings : s_oneProviderAChannel.Concat(settings).ToDictionary();
        _running = new(StartAsync);
    }

    /// <summary>The application with every service healthy; the same one for every caller.</summary>
    internal Task<RunningNotify> ReadyAsync(CancellationToken cancellationToken) => _running.Value.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_running.IsValueCreated)
            // its failure is told by the tests
            await _running.Value.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (_application is not null)
        {
            await _application.StopAsync();
            if (_logs is not null)
                await _logs.DisposeAsync();
            await _application.DisposeAsync();
        }
        if (_builder is null)
            return;
        await _builder.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task<RunningNotify> StartAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Notify_AppHost>(_arguments, limit.Token);
        foreach (var project in _builder.Resources.OfType<ProjectResource>().ToList())
        {
            var service = _builder.CreateResourceBuilder(project);
            foreach (var (name, value) in s_settings.Concat(_settings))
                service.WithEnvironment(name, value);
        }
        _application = await _builder.BuildAsync(limit.Token);
        _logs = new ResourceLogs(_application);
        try
        {
            await _application.StartAsync(limit.Token);
            await Task.WhenAll(
                RunningNotify.Services.Select(name => _application.ResourceNotifications.WaitForResourceHealthyAsync(name, limit.Token))
            );
            return await RunningNotify.ConnectAsync(_application, _logs, limit.Token);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"The application did not start: {failure.Message}{Environment.NewLine}{await _logs.LastLinesAsync()}",
                failure
            );
        }
    }
}
